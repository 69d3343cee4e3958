# One image for web, worker, beat and migration; docker-compose.yml says which command runs where.
FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock scripts/installer.lock ./
RUN python -m venv /opt/curbstop \
    && /opt/curbstop/bin/pip install --no-cache-dir --quiet --require-hashes -r installer.lock \
    && /opt/curbstop/bin/uv pip sync --no-cache --quiet --python /opt/curbstop/bin/python --require-hashes requirements.lock

FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin curbstop \
    && install -d -o curbstop -g curbstop -m 0700 /var/lib/curbstop /var/lib/curbstop/vault
COPY --from=packages /opt/curbstop /opt/curbstop
WORKDIR /app
COPY . .
ENV PATH=/opt/curbstop/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings STATIC_ROOT=/opt/curbstop-static
# Nothing is connected to here: the values only satisfy the settings.
RUN DATABASE_URL=postgresql:///none SECRET_KEY=none CURBSTOP_KEYS='{}' CURBSTOP_VAULT=/tmp/none \
    python manage.py collectstatic --noinput --verbosity 0
USER curbstop
VOLUME /var/lib/curbstop
EXPOSE 8000
CMD ["gunicorn", "config.wsgi"]
