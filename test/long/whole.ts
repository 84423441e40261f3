/** Whether all cases are asked for, as `npm run test:long` does by itself; a smaller SCALE is for CI, where minutes count. */
export const WHOLE = Number(process.env['SCALE'] ?? 34) >= 34;
