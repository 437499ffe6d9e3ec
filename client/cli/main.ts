import { EXIT } from './exit-codes.ts';
import { runProgram } from './program.ts';

// Whoever reads our output has enough of it (`| head`): nothing is wrong, and nobody is left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}

process.exitCode = await runProgram(process.argv.slice(2), process.env);
