// A Personal Data Server on loopback, with a directory of identities in memory, until standard
// input ends. Prints {"url": …} when it is ready. Runs in the folder in which the packages are
// installed; its argument is an empty folder for its data.
"use strict";

const { randomBytes } = require("node:crypto");
const { createRequire } = require("node:module");
const net = require("node:net");
const path = require("node:path");

const data = process.argv[2];
const installed = createRequire(path.join(process.cwd(), "package.json"));

// Both servers would bind every interface of the machine.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (where, ...rest) {
  const done = rest.filter((value) => typeof value === "function");
  return listen.call(this, { port: where?.port ?? where ?? 0, host: "127.0.0.1" }, ...done);
};

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function main() {
  const { Database, PlcServer } = installed("@did-plc/server");
  const { PDS, envToCfg, envToSecrets, readEnv } = installed("@atproto/pds");

  const directory = PlcServer.create({ db: Database.mock() });
  const { port: directoryPort } = (await directory.start()).address();
  const port = await freePort();
  Object.assign(process.env, {
    PDS_PORT: port,
    PDS_HOSTNAME: "localhost",
    PDS_DEV_MODE: "true",
    PDS_DATA_DIRECTORY: data,
    PDS_BLOBSTORE_DISK_LOCATION: path.join(data, "blobs"),
    PDS_JWT_SECRET: randomBytes(16).toString("hex"),
    PDS_ADMIN_PASSWORD: randomBytes(16).toString("hex"),
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: randomBytes(32).toString("hex"),
    PDS_DID_PLC_URL: `http://127.0.0.1:${directoryPort}`,
    PDS_INVITE_REQUIRED: "false",
    PDS_DISABLE_SSRF_PROTECTION: "true",
    PDS_RATE_LIMITS_ENABLED: "false",
    PDS_BSKY_APP_VIEW_URL: "http://127.0.0.1:9",
    PDS_BSKY_APP_VIEW_DID: "did:web:localhost",
    LOG_ENABLED: "false",
  });
  const environment = readEnv();
  const server = await PDS.create(envToCfg(environment), envToSecrets(environment));
  await server.start();
  process.stdin.resume().on("end", () => process.exit(0));
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
