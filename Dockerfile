# The Node server with a model and the gallery: docker build -t latent-dogs . && docker run -p 8787:8787 latent-dogs

FROM node:24-slim AS build
WORKDIR /app
RUN npm install --global pnpm@10.34.8
COPY . .
# Only what the gallery and the server need, and their tools: no trainer.
RUN pnpm install --frozen-lockfile --filter '@latent-dogs/web...' --filter '@latent-dogs/serve...' \
 && pnpm --filter @latent-dogs/web build \
 && node packages/serve/src/container/cli.ts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
# One script, ONNX Runtime's library, the codecs, the models and the gallery; no npm package is installed.
COPY --from=build /app/packages/serve/dist ./
USER node
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", \
  "fetch('http://localhost:8787/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As process 1 Node handles SIGTERM itself. The flag saves CPU time (docs/serve.md).
ENTRYPOINT ["node", "--single-threaded-gc", "server.mjs", "--host", "0.0.0.0"]
