"""What `deploy/install.sh` needs of Python: settings written safely, a look at `/health`, a step back."""
