# The bot as an image for x86-64 and aarch64: docs/container.md. It needs nothing but a database: no volume, no root, no
# writable directory but /tmp.
FROM python:3.13.13-slim-bookworm AS build
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --disable-pip-version-check --no-cache-dir --no-input \
        --require-hashes --no-deps --only-binary :all: -r requirements.txt
COPY . /opt/shift-bot
# Compiled here, for nothing can be written later; and readable by anybody, however the files came here.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/shift-bot \
    && chmod -R a+rX,go-w /opt/shift-bot

FROM python:3.13.13-slim-bookworm
# A volume at /backups is that account's from the start. There is no /data, so a PostgreSQL of the bot's own, which would
# go with the container, cannot come to be by mistake.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
    && groupadd --system --gid 10001 shift-bot \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin shift-bot \
    && install --directory --owner=shift-bot --group=shift-bot --mode=0700 /backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/shift-bot /opt/shift-bot
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    BACKUP_EVERY=0
WORKDIR /opt/shift-bot
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=15s --retries=5 CMD ["python", "-m", "deploy.health"]
CMD ["python", "-m", "bot"]
