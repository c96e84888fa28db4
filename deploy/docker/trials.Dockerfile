# Postgres, Kafka and an object store for trials, NOT for production: one node each, no replicas, no upgrades of their data.
# docker build -f deploy/docker/trials.Dockerfile --target postgres|kafka|objects -t kinora/postgres .
ARG DEBIAN_IMAGE=docker.io/library/debian:trixie-slim

FROM ${DEBIAN_IMAGE} AS base
RUN groupadd --gid 10001 kinora && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin kinora && \
    install -d -o 10001 -g 10001 /data
WORKDIR /data
USER 10001:10001
LABEL org.opencontainers.image.licenses=Apache-2.0

FROM base AS postgres
ARG POSTGRES=17
USER root
# Afterwards two thirds of it go: the compiler of queries, and Debian's scripts around the server with their Perl.
RUN export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && \
    apt-get install -y -qq --no-install-recommends postgresql-common && \
    echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf && \
    apt-get install -y -qq --no-install-recommends postgresql-${POSTGRES} postgresql-${POSTGRES}-pgvector && \
    dpkg --purge --force-depends $(dpkg-query -W -f '${Package} ' 'libllvm*' 'libz3-*' locales libc-l10n \
        perl 'perl-modules-*' 'libperl5*' postgresql-common postgresql-client-common) && \
    rm -rf /usr/lib/postgresql/*/lib/bitcode /usr/lib/postgresql/*/lib/llvmjit* \
        /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /var/lib/postgresql
USER 10001:10001
ENV PATH=/usr/lib/postgresql/${POSTGRES}/bin:$PATH
COPY deploy/docker/trials/postgres.sh /usr/local/bin/serve
EXPOSE 5432
# Clients are told to go, transactions are rolled back: SIGTERM would wait for them.
STOPSIGNAL SIGINT
ENTRYPOINT ["serve"]
ARG VERSION=dev
LABEL org.opencontainers.image.title="kinora/postgres (trials)" org.opencontainers.image.version="${VERSION}"

FROM ${DEBIAN_IMAGE} AS java
RUN mkdir -p /usr/share/man/man1 && apt-get update -qq && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven openjdk-21-jdk-headless
RUN jlink --add-modules java.se,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.unsupported,jdk.zipfs \
    --compress=zip-6 --strip-java-debug-attributes --no-header-files --no-man-pages --output /jre
COPY libs/testkit/src/kinora_testkit/*_pom.xml /poms/
RUN for server in kafka objects; do mvn -q -B -f /poms/${server}_pom.xml dependency:copy-dependencies -DoutputDirectory=/jars/$server || exit 1; done

FROM base AS jre
COPY --from=java /jre /opt/jre
ENV PATH=/opt/jre/bin:$PATH

FROM jre AS kafka
COPY --from=java /jars/kafka /opt/kafka
COPY deploy/docker/trials/kafka.sh /usr/local/bin/serve
EXPOSE 9092
ENTRYPOINT ["serve"]
ARG VERSION=dev
LABEL org.opencontainers.image.title="kinora/kafka (trials)" org.opencontainers.image.version="${VERSION}"

FROM jre AS objects
COPY --from=java /jars/objects /opt/objects
COPY deploy/docker/trials/objects.sh /usr/local/bin/serve
COPY libs/testkit/src/kinora_testkit/objects_logback.xml /etc/objects/logback.xml
EXPOSE 9000
ENTRYPOINT ["serve"]
ARG VERSION=dev
LABEL org.opencontainers.image.title="kinora/objects (trials)" org.opencontainers.image.version="${VERSION}"
