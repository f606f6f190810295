# The product with its pages built: the app by default, the worker as `node scripts/worker.ts`.
# tests/operations/dockerfile.test.ts runs the RUN lines and the CMD in a clean clone; the image itself is not built there.
FROM node:24-bookworm-slim AS build
WORKDIR /commonpot
ENV CI=true
COPY . .
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile
RUN node scripts/build.ts
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile --prod

FROM node:24-bookworm-slim
WORKDIR /commonpot
ENV NODE_ENV=production
COPY --from=build /commonpot /commonpot
USER node
EXPOSE 3000
CMD ["node", "scripts/start.ts"]
