# Daybreak as an image; docs/operations.md says how to build and run it, docs/decisions/0021-the-image.md why it is so.
# The base needs Node 26 or newer with npm, and a user named node.
ARG BASE=node:26-bookworm-slim

# The packages that the server loads. A private registry's settings can be given as build secrets (docs/operations.md).
FROM ${BASE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# npm's own note of what it installed is removed: it can name the registry.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=certificates \
  npm install --no-save --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error \
  && rm -f node_modules/.package-lock.json

# The web app, built with all packages; only the built files leave this stage.
FROM ${BASE} AS web
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=certificates \
  npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
COPY src/contract src/contract
COPY src/enrollment src/enrollment
COPY docs docs
COPY web web
RUN node_modules/.bin/vite build --config web/vite.config.ts --logLevel error

FROM ${BASE}
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=web /app/web/dist web/dist
COPY package.json LICENSE ./
COPY src src
# The only folder that is written to; everything else can be read-only.
RUN install -d -o node -g node -m 700 /data
USER node
ENV DAYBREAK_DATA=/data
VOLUME /data
EXPOSE 4000
# Node is the first process, so that it receives SIGTERM. The memory options are those of scripts/with-node.mjs.
ENTRYPOINT ["node", "--heap-growing-percent=40", "src/cli/main.ts"]
CMD ["serve", "--host", "0.0.0.0", "--port", "4000"]
