/** Stops what the setup started. */
export default async function teardown() {
  await globalThis.ringfenceEnvironment?.stop();
}
