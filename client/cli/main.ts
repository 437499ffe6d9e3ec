import { EXIT } from './exit-codes.ts';
import { runProgram } from './program.ts';

// Whoever reads our output has enough of it (`| head`): nothing is wrong, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});
// Remarks that nobody reads are no reason to leave the work half done.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), process.env);
