/** Runs the `daybreak` command. */

// The reader of the output may close it early (`| head`): exit without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if ('Temporal' in globalThis) {
  // Imported only now: an older Node fails while it loads these files.
  const { printError } = await import('./error-output.ts');
  try {
    const { createProgram } = await import('./program.ts');
    await createProgram().parseAsync();
  } catch (error) {
    printError(error);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(
    `Daybreak needs Node 26 or newer, and this is Node ${process.versions.node}.\nRun the command with \`npm run -s daybreak -- …\`, which uses the Node of the project.\n`,
  );
  process.exitCode = 1;
}
