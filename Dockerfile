# Kohta in a container: one static binary on an empty image, as a user who is nobody.
#   docker build --build-arg VERSION=$(git describe --tags --always) -t kohta .

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/usr/bin/kohta ./cmd/kohta
# What a static binary expects of a system: whom to trust, time zones, a place for data and one for scratch files.
RUN mkdir -p /out/etc/ssl/certs /out/usr/share /out/data /out/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ \
 && cp /usr/local/go/lib/time/zoneinfo.zip /out/usr/share/ \
 && chown 65532:65532 /out/data /out/tmp

FROM scratch
COPY --from=build /out/ /
ENV ZONEINFO=/usr/share/zoneinfo.zip \
    KOHTA_LISTEN=0.0.0.0:8080 \
    KOHTA_DATA=/data
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/bin/kohta", "ready"]
ENTRYPOINT ["/usr/bin/kohta"]
CMD ["serve"]
