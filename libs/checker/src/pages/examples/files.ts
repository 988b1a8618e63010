/** A program for each builtin of this part, shown on its page. Tests check and format every one. */
export const filesExamples: Readonly<Record<string, string>> = {
  env: `fs default() {
	image "python:3.12"
	env "PYTHONUNBUFFERED" "1"
	run "pip install -r requirements.txt" with env("PIP_NO_CACHE_DIR", "1")
}
`,
  dir: `fs default() {
	image "node:20"
	dir "/app"
	run "npm test" with dir("/app/server")
}
`,
  user: `fs default() {
	image "node:20"
	run "npm install -g serve" with user("root")
	user "node"
}
`,
  mkdir: `fs default() {
	scratch
	mkdir "/var/lib/app" 0o750 with createParents
}
`,
  createParents: `fs default() {
	scratch
	mkdir "/etc/app/conf.d" 0o755 with createParents
}
`,
  chown: `fs default() {
	image "nginx:1.27"
	mkdir "/data" 0o755 with chown("nginx:nginx")
	mkfile "/data/index.html" 0o644 "hello" with chown("nginx")
	copy local("public") "." "/data" with option {
		chown "101:101"
		contentsOnly
	}
}
`,
  createdTime: `fs default() {
	scratch
	mkdir "/data" 0o755 with createdTime("2024-05-31T12:00:00Z")
	mkfile "/data/a" 0o644 "a" with createdTime("2024-05-31T12:00:00Z")
	copy local(".") "b" "/data/b" with createdTime("2024-05-31T14:00:00+02:00")
}
`,
  mkfile: `fs default() {
	image "nginx:1.27"
	mkfile "/etc/nginx/conf.d/app.conf" 0o644 <<-CONF
		server {
			listen 8080;
			root /srv;
		}
	CONF
}
`,
  rm: `fs default() {
	image "debian:12"
	run "apt-get update && apt-get install -y git"
	rm "/var/lib/apt/lists"
}
`,
  allowNotFound: `fs default() {
	image "debian:12"
	rm "/etc/apt/apt.conf.d/docker-clean" with allowNotFound
}
`,
  allowWildcard: `fs default() {
	image "debian:12"
	rm "/var/log/*.log" with option {
		allowWildcard
		allowNotFound
	}
	copy local("dist") "*.deb" "/packages/" with option {
		allowWildcard
		createDestPath
	}
}
`,
  copy: `fs default() {
	image "nginx:1.27"
	copy local("public") "." "/usr/share/nginx/html" with contentsOnly
}
`,
  followSymlinks: `fs default() {
	scratch
	copy local("dist") "latest" "/app" with followSymlinks
}
`,
  contentsOnly: `fs default() {
	image "nginx:1.27"
	copy local("public") "." "/usr/share/nginx/html" with contentsOnly
}
`,
  unpack: `fs archive() {
	http "https://example.org/tool.tar.gz"
}

fs default() {
	scratch
	copy archive "tool.tar.gz" "/opt/tool" with unpack
}
`,
  createDestPath: `fs default() {
	scratch
	copy local(".") "config.json" "/etc/app/config.json" with createDestPath
}
`,
  allowEmptyWildcard: `fs default() {
	image "alpine:3.20"
	copy local("plugins") "*.so" "/usr/lib/app/" with option {
		allowWildcard
		allowEmptyWildcard
	}
}
`,
  chmod: `fs default() {
	scratch
	copy local("scripts") "start.sh" "/start.sh" with chmod(0o755)
}

fs tool() {
	http "https://example.org/tool" with chmod(0o755)
}
`,
  includePatterns: `fs sources() {
	local "." with includePatterns("go.mod", "go.sum", "**/*.go")
}

fs default() {
	image "golang:1.23"
	copy sources "." "/src" with includePatterns("cmd/**")
	run "make" with option {
		secret "secrets" "/run/secrets" with includePatterns("*.pem")
	}
}
`,
  excludePatterns: `fs sources() {
	local "." with excludePatterns("node_modules", ".git")
}

fs default() {
	image "node:20"
	copy sources "." "/src" with excludePatterns("**/*.test.ts")
	run "make" with option {
		secret "secrets" "/run/secrets" with excludePatterns("*.old")
	}
}
`,
  merge: `fs tools() {
	scratch
	copy local("tools") "." "/usr/local/bin" with createDestPath
}

fs config() {
	scratch
	mkfile "/etc.conf" 0o644 "debug=false"
}

fs default() {
	image "alpine:3.20"
	merge tools config
}
`,
  diff: `fs base() {
	image "alpine:3.20"
}

# Only what the command has added.
fs packages() {
	base
	run "apk add --no-cache git"
	diff base
}
`,
};
