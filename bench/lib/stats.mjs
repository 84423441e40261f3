export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param rounds one object a round: {serverKey: {rps, p50, p99, cpu}}
 * @param base key of the server that the others are compared with
 */
export function summarise(rounds, servers, base) {
  return servers.map(({ key, label, goal }) => {
    const of = (name) => median(rounds.map((round) => round[key][name]));
    const ratios = rounds.map((round) => round[base].rps / round[key].rps);
    const row = { key, label, rps: of('rps'), p50: of('p50'), p99: of('p99'), cpu: of('cpu') };
    if (goal === undefined) return row;
    const ratio = { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
    return { ...row, ratio, goal, reached: ratio.median >= goal };
  });
}
