# Daybreak as an image: `docker compose up` builds and starts it. Runs as an ordinary user on a read-only file system.
FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/with-node.mjs scripts/
# Installs what the lockfile says, Node 26 among it, and marks the installation as whole.
RUN node scripts/with-node.mjs --version
COPY . .
# The web app is built here once: at run time nothing below /app can be written.
RUN node_modules/node/bin/node -e "import('./src/api/web-build.ts').then(({ buildWeb }) => buildWeb())" \
  && mkdir /data && chown node:node /data
USER node
ENV DAYBREAK_DATA=/data
VOLUME /data
EXPOSE 4000
# Node itself is the first process, so that a request to stop reaches it.
ENTRYPOINT ["node_modules/node/bin/node", "--max-semi-space-size=16", "--heap-growing-percent=60", "src/cli/main.ts"]
CMD ["serve", "--host", "0.0.0.0", "--port", "4000"]
