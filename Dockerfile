# The service for production. An image of Node.js 20 or newer with npm; Springbar brings the Node.js 24 it runs on.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /opt/springbar
COPY package.json package-lock.json ./
COPY sdk/package.json sdk/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
WORKDIR /opt/springbar
COPY --from=packages /opt/springbar/node_modules node_modules
COPY package.json LICENSE ./
COPY bin bin
COPY catalogue catalogue
COPY sdk sdk
COPY src src
# Compiled modules and SQLite's file are all that is written; the first may be forgotten with the container.
RUN mkdir -p /var/lib/springbar && chown 10001:10001 /var/lib/springbar
ENV SPRINGBAR_HOST=0.0.0.0 NODE_COMPILE_CACHE=/tmp/springbar
USER 10001:10001
VOLUME /var/lib/springbar
EXPOSE 8080
HEALTHCHECK --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/springbar.js", "serve"]
