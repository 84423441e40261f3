/** What the generator will not do, with what to write instead. Its message is for the person at the terminal. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** @throws Refusal */
export function refuse(message: string): never {
  throw new Refusal(message);
}
