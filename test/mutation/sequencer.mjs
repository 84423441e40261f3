import Sequencer from '@jest/test-sequencer';

/** The likeliest to go red first, as the runner says. */
export default class InOrder extends (Sequencer.default ?? Sequencer) {
  sort(tests) {
    const order = (process.env.MUTATION_ORDER ?? '').split(',');
    const place = ({ path }) => order.findIndex((spec) => path.endsWith(`/${spec}`));
    return [...tests].sort((a, b) => place(a) - place(b));
  }
}
