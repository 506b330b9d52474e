// WordPress on loopback, until standard input ends. Prints {"url": …} when it is ready. Runs in the
// folder in which the packages are installed; its argument is an empty folder for its data. There is
// an author "autor", whose application password is known.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const net = require("node:net");
const path = require("node:path");

const data = path.resolve(process.argv[2]);
const installed = createRequire(path.join(process.cwd(), "package.json"));
const packages = path.join(process.cwd(), "node_modules", "@wp-playground");

const AUTHOR = `<?php
require "/wordpress/wp-load.php";
$author = wp_insert_user(["user_login" => "autor", "user_pass" => "x", "role" => "author"]);
update_user_meta($author, "_application_passwords", [[
  "uuid" => wp_generate_uuid4(), "app_id" => "", "name" => "tests", "created" => time(),
  "password" => wp_hash_password("abcdEFGH1234ijklMNOP5678"), "last_used" => null, "last_ip" => null,
]]);
update_network_option(get_main_network_id(), "using_application_passwords", 1);
`;

function unpack() {
  const archive = path.join(packages, "wordpress-builds/src/wordpress/wp-6.5.zip");
  const files = installed("fflate").unzipSync(fs.readFileSync(archive));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(data, "wordpress", name);
    fs.mkdirSync(name.endsWith("/") ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith("/")) fs.writeFileSync(file, content);
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function main() {
  unpack();
  const blueprint = path.join(data, "blueprint.json");
  fs.writeFileSync(blueprint, JSON.stringify({ steps: [{ step: "runPHP", code: AUTHOR }] }));
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [
      `--require=${path.join(__dirname, "loopback.cjs")}`,
      path.join(packages, "cli/wp-playground.js"),
      "server",
      `--port=${port}`,
      `--blueprint=${blueprint}`,
      "--workers=1",
      `--mount-before-install=${data}/wordpress:/wordpress`,
      "--wordpress-install-mode=install-from-existing-files",
      // Application passwords want https elsewhere.
      ...["--define", "WP_ENVIRONMENT_TYPE", "local"],
      ...["--define-bool", "WP_HTTP_BLOCK_EXTERNAL", "true"],
      ...["--define-bool", "DISABLE_WP_CRON", "true"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  server.stdout.on("data", (words) => {
    const before = said.includes("Ready!");
    said += words;
    if (!before && said.includes("Ready!")) {
      console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
    }
  });
  server.on("exit", () => {
    process.stderr.write(said);
    process.exit();
  });
  process.stdin.resume().on("end", () => server.kill());
}

main();
