# Two images: `docker build --target operator .` and `docker build --target simulator .`; see docs/decisions/0010-images.md.

# The Node that makes the bundles; the release that package.json pins and the tests run on.
ARG NODE_IMAGE=docker.io/library/node:26.10.0-trixie-slim
# What the programs run on: any image that has this Node, a C library and nothing else that they need.
ARG BASE_IMAGE=${NODE_IMAGE}
# `build` makes the bundles here, from the sources; `prebuilt` takes those that `npm run build` left in dist/.
ARG BUNDLES=build

FROM ${NODE_IMAGE} AS build
WORKDIR /longshore
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--ignore-scripts"]
COPY . .
RUN ["node", "tools/build.ts"]

FROM scratch AS prebuilt
COPY dist /longshore/dist
COPY crds /longshore/crds

FROM ${BUNDLES} AS bundles

FROM ${BASE_IMAGE} AS base
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# Images without a shell keep Node elsewhere (distroless: /nodejs/bin).
ENV PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_ENV=production \
    # Memory that the C library holds back after the start goes back to the kernel: 10 MiB at rest.
    MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /longshore
# A number, so that Kubernetes can see that it is not root (runAsNonRoot).
USER 65532:65532
STOPSIGNAL SIGTERM

FROM base AS simulator
LABEL org.opencontainers.image.title="longshore-simulate-aws" \
      org.opencontainers.image.description="Simulated AWS for trials and tests of longshore; never validated against a live account"
COPY --from=bundles /longshore/dist/longshore-simulate-aws.js /longshore/dist/longshore-simulate-aws.js.map /longshore/dist/longshore-simulate-aws.licences.txt /longshore/dist/
EXPOSE 4566
ENTRYPOINT ["node", "--enable-source-maps", "/longshore/dist/longshore-simulate-aws.js", "--bind-address=0.0.0.0"]
CMD ["--port=4566"]

FROM base AS operator
LABEL org.opencontainers.image.title="longshore" \
      org.opencontainers.image.description="Runs AWS containers (ECS, ECR, EKS, Fargate) from Kubernetes custom resources"
COPY --from=bundles /longshore/crds /longshore/crds
COPY --from=bundles /longshore/dist/longshore.js /longshore/dist/longshore.js.map /longshore/dist/longshore.licences.txt /longshore/dist/
EXPOSE 8080
ENTRYPOINT ["node", "--enable-source-maps", "/longshore/dist/longshore.js"]
CMD ["operator"]
