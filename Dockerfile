# syntax=docker/dockerfile:1
# ClickWatch in one image, whatever role it plays: docs/operate/containers.md
ARG NODE=node:24.21.0-bookworm-slim

# What says which libraries there are: they are installed anew when it changes, and not when our own code does.
FROM ${NODE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
RUN find packages -mindepth 2 ! -path 'packages/*/package.json' -delete

# What a browser loads.
FROM ${NODE} AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci
COPY . .
RUN node build.ts

# What the server runs on. npm also installs what a library can do without and our tests or pages have, such as React: that goes again.
FROM ${NODE} AS libraries
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --workspace=packages/server \
    && node -e "for (const [path, { devOptional }] of Object.entries(require('./package-lock.json').packages)) if (devOptional) fs.rmSync(path, { recursive: true, force: true })"

FROM ${NODE}
LABEL org.opencontainers.image.title="ClickWatch" \
      org.opencontainers.image.description="Real-time web analytics that tells whether people want an idea before it is built" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=libraries /app/node_modules node_modules
COPY packages/contract packages/contract
COPY packages/stats packages/stats
COPY packages/delta packages/delta
COPY packages/server packages/server
COPY --from=build /app/packages/tracker/dist packages/tracker/dist
COPY --from=build /app/packages/dashboard/dist packages/dashboard/dist
RUN mkdir /data && chown node:node /data
# What was compiled at a start need not be compiled at the next, where /tmp stays; nothing of /app is written.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/clickwatch-compiled \
    CLICKWATCH_DATA=/data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CLICKWATCH_PORT ?? 8080}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "packages/server/bin/clickwatch.js"]
CMD ["serve"]
