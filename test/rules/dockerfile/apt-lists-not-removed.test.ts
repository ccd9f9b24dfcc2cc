import rule from '../../../server/src/rules/dockerfile/apt-lists-not-removed.ts';
import { checkDockerfile } from '../check-dockerfile.ts';

checkDockerfile(rule, [
  `
FROM debian:12
run apt-get update && apt-get install -y curl
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
run apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get update && \\
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
    apt-get install -y \\
      curl \\
      git
=> Remove the package lists
FROM debian:12
RUN apt-get update && \\
    apt-get install -y \\
      curl \\
      git && \\
    rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12\r
RUN apt-get update \\\r
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
  && apt-get install -y curl \\\r
    git\r
=> Remove the package lists
FROM debian:12\r
RUN apt-get update \\\r
  && apt-get install -y curl \\\r
    git \\\r
  && rm -rf /var/lib/apt/lists/*\r
`,
  `
FROM debian:12
RUN set -eux; \\
	apt-get update; \\
 ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
	apt-get install -y curl
=> Remove the package lists
FROM debian:12
RUN set -eux; \\
	apt-get update; \\
	apt-get install -y curl; \\
	rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN set -ex; \\
    \\
    apt-get update; \\
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
    # the tools
    apt-get install -y \\
        curl \\
    ; \\
    true;
=> Remove the package lists
FROM debian:12
RUN set -ex; \\
    \\
    apt-get update; \\
    # the tools
    apt-get install -y \\
        curl \\
    ; \\
    true; \\
    rm -rf /var/lib/apt/lists/*
`,
  `
# escape=\`
FROM debian:12
SHELL ["/bin/bash", "-c"]
RUN apt-get update && \`
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
  apt-get install -y curl
=> Remove the package lists
# escape=\`
FROM debian:12
SHELL ["/bin/bash", "-c"]
RUN apt-get update && \`
  apt-get install -y curl && \`
  rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get update && apt-get install -y \\
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
    curl \\
    git
=> Remove the package lists
FROM debian:12
RUN apt-get update && apt-get install -y \\
    curl \\
    git \\
    && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN <<EOF
  apt-get update
  ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
  apt-get install -y curl
EOF
RUN <<-END
	apt-get update
 ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
	END
=> Remove the package lists
FROM debian:12
RUN <<EOF
  apt-get update
  apt-get install -y curl
  rm -rf /var/lib/apt/lists/*
EOF
RUN <<-END
	apt-get update
	rm -rf /var/lib/apt/lists/*
	END
`,
  `
FROM debian:12
RUN <<EOF bash
apt-get update
^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
EOF
RUN ["apt-get", "update"]
     ^^^^^^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN apt-get update;
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN <<EOF
#!/usr/bin/env bash
apt-get update
^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
EOF
=> Remove the package lists
FROM debian:12
RUN <<EOF bash
apt-get update
EOF
RUN ["apt-get", "update"]
RUN apt-get update; rm -rf /var/lib/apt/lists/*
RUN <<EOF
#!/usr/bin/env bash
apt-get update
rm -rf /var/lib/apt/lists/*
EOF
`,
  `
FROM debian:12
USER app
RUN sudo apt-get update && sudo apt-get install -y curl
         ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
USER app
RUN sudo apt-get update && sudo apt-get install -y curl && sudo rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get update
    ^^^^^^^^^^^^^^ The package lists stay in the image: update, install and remove them in one RUN
RUN apt-get install -y curl
RUN apt-get update && apt-get install -y git
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
RUN apt-get update
RUN apt-get install -y curl
RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12 AS base
RUN apt-get update
    ^^^^^^^^^^^^^^ The package lists stay in the image: update, install and remove them in one RUN
FROM base AS other
RUN apt-cache policy curl && apt-get update && rm -rf /var/lib/apt/lists/*
FROM base
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12 AS base
RUN apt-get update
FROM debian:12
RUN apt-get install -y curl
`,
  `
FROM debian:12 AS base
RUN apt-get update
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
FROM base
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
=> Remove the package lists
FROM debian:12 AS base
RUN apt-get update && rm -rf /var/lib/apt/lists/*
FROM base
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN rm -rf /var/lib/apt/lists/* && apt-get update && aptitude install -y curl
                                   ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN apt-get update && rm -rf /var/lib/apt/lists/* && apt update
                                                     ^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
RUN rm -rf /var/lib/apt/lists/* && apt-get update && aptitude install -y curl && rm -rf /var/lib/apt/lists/*
RUN apt-get update && rm -rf /var/lib/apt/lists/* && apt update && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get clean && apt-get update && apt-get clean
                     ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
RUN apt-get clean && apt-get update && apt-get clean && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
ONBUILD RUN apt-get update && apt-get install -y curl
            ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
ONBUILD RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
  `
RUN apt-get update
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
RUN apt-get update && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get update \\
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
    && apt-get install -y curl \\
    # and no more
=> Remove the package lists
FROM debian:12
RUN apt-get update \\
    && apt-get install -y curl \\
    && rm -rf /var/lib/apt/lists/* \\
    # and no more
`,
  `
FROM debian:12
RUN apt-get update && { apt-get install -y a || apt-get install -y b; }
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN apt-get update && (apt-get install -y a || true)
    ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN if [ -n "$A" ]; then apt-get update; fi
                         ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
RUN apt-get update && { apt-get install -y a || apt-get install -y b; } && rm -rf /var/lib/apt/lists/*
RUN apt-get update && (apt-get install -y a || true) && rm -rf /var/lib/apt/lists/*
RUN if [ -n "$A" ]; then apt-get update; fi && rm -rf /var/lib/apt/lists/*
`,
  `
FROM debian:12
RUN apt-get update && rm -rf /var/lib/apt/lists/*
RUN apt-get update && rm -rf /tmp/* /var/lib/apt/lists
RUN apt-get update && rm -fr "/var/lib/apt/lists/"
RUN apt-get update && rm -rf /var/lib/apt
RUN apt-get update && rm -rf /var/lib/{apt,dpkg,cache,log}/
RUN apt-get update && find /var/lib/apt/lists -type f -delete
RUN apt-get update && apt-get dist-clean
RUN bash -c 'apt-get update && rm -rf /var/lib/apt/lists/*'
RUN --mount=type=cache,target=/var/lib/apt apt-get update
RUN --mount=type=cache,id=x,dst=/var/lib/apt/lists,sharing=locked apt-get update
RUN --mount=type=tmpfs,target=/var/lib/apt/lists/ apt-get update
RUN apt-get install -y curl
RUN echo apt-get update
RUN <<EOF
apt-get update
rm -rf /var/lib/apt/lists/*
EOF
`,
  `
FROM debian:12
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update
RUN --mount=type=cache,target=/var/cache/apt apt-get update
                                             ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
RUN --mount=type=cache,target=/var/lib/apt apt-get update
                                           ^^^^^^^^^^^^^^ What apt downloads stays in the image: mount a cache at '/var/cache/apt', too
RUN --mount=type=bind,target=/var/lib/apt apt-get update
                                          ^^^^^^^^^^^^^^ The package lists stay in the image: remove '/var/lib/apt/lists' in this RUN
=> Remove the package lists
FROM debian:12
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update
RUN --mount=type=cache,target=/var/cache/apt apt-get update && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/var/lib/apt apt-get update
RUN --mount=type=bind,target=/var/lib/apt apt-get update && rm -rf /var/lib/apt/lists/*
`,
]);
