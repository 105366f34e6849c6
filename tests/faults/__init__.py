"""Everything that can go wrong, at length (`make test-faults`); `tests/bot/test_torture_in_short.py` is the short form.

Each test prints its seed at once and its counts at the end. `FAULT_SEED=…` repeats what depends on it;
`FAULT_SHARE=0.01` takes that share of the long forms' numbers.
"""
