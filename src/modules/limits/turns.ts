/** Lets a few at a time do something, for each subject; the others wait in the order in which they came. */
export class Turns {
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly atOnce: number) {}

  async take<T>(subject: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(subject) ?? { underWay: 0, waiting: [] };
    this.queues.set(subject, queue);
    if (queue.underWay < this.atOnce) queue.underWay += 1;
    else await new Promise<void>((resolve) => queue.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.waiting.shift();
      if (next)
        next(); // the place goes on to them
      else if ((queue.underWay -= 1) === 0) this.queues.delete(subject);
    }
  }
}

interface Queue {
  underWay: number;
  waiting: (() => void)[];
}
