/** Prints one line per step with the milliseconds since the start. */
export type Progress = (step: string) => void;

const WIDTH = 6;

export function progressTo(stream: NodeJS.WritableStream): Progress {
  const startedAtMs = performance.now();
  return (step) => {
    const elapsed = String(Math.round(performance.now() - startedAtMs)).padStart(WIDTH);
    stream.write(`${elapsed} ms  ${step}\n`);
  };
}
