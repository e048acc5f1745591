# The Node server with a model and the gallery: docker build -t latent-dogs . && docker run -p 8787:8787 latent-dogs

FROM node:24-slim AS build
WORKDIR /app
# Turbo and the scripts call pnpm.
RUN npm install --global pnpm@10.34.8
COPY . .
# Only what the gallery's build and the server need: no trainer, no wrangler.
RUN pnpm install --frozen-lockfile --filter '@latent-dogs/web...' && pnpm --filter @latent-dogs/web build

FROM node:24-slim AS packages
WORKDIR /app
RUN npm install --global pnpm@10.34.8
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY packages/latent packages/latent
COPY packages/command-line packages/command-line
COPY packages/files packages/files
COPY packages/models packages/models
COPY packages/serve packages/serve
RUN pnpm install --frozen-lockfile --prod --filter '@latent-dogs/serve...' \
 && rm -rf node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/*/darwin \
           node_modules/.pnpm/onnxruntime-node@*/node_modules/onnxruntime-node/bin/*/win32 \
           node_modules/.pnpm/typescript@* node_modules/.pnpm/@typescript+*

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=packages /app ./
COPY --from=build /app/packages/web/dist packages/web/dist
COPY models models
USER node
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", \
  "fetch('http://localhost:8787/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As process 1 Node handles SIGTERM itself.
ENTRYPOINT ["node", "packages/serve/src/node/cli.ts", "--host", "0.0.0.0"]
