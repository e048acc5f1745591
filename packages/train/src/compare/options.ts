/** @module The command line of `pnpm compare`. */

import { count, parseArguments, text } from '@latent-dogs/command-line';
import { settings } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { Command, Option } from 'commander';

interface CompareOptions {
  runs: string[];
  /** Images seen at which metrics are compared; null: the most that all runs have. */
  at: number | null;
  markdown: boolean;
  /** File of the page. */
  out: string;
  /** File of the picture of curves, .png or .svg; null: none. */
  plot: string | null;
}

const examples = `
Examples:
  $ pnpm compare runs/0*
  $ pnpm compare runs/00007-photos-64 runs/00009-photos-64-loss-hinge --at 60k
  $ pnpm compare runs/0* --markdown --plot recipes.svg`;

/** Parses the arguments after the command's name; null after `--help`. @throws UserError naming the option. */
export function parseCompareOptions(argv: readonly string[]): CompareOptions | null {
  const program = new Command('pnpm compare')
    .usage('RUN RUN … [options]')
    .description('Compares training runs on the same photos: settings, speed, metrics, curves and samples.')
    .argument('[runs...]', "run folders, their names in runs, or 'latest'")
    .addOption(
      count(
        '--at <images>',
        settings.images.legal,
        'images seen at which to compare: 60k (default: the most all have)',
      ),
    )
    .option('--markdown', 'print the table as Markdown, with the command of each run')
    .addOption(text('--out <file.html>', 'file for the page (default: compare.html)'))
    .addOption(picture('--plot <file>', 'also draw the curves of SWD, Fréchet distance, r_v and p, as .png or .svg'))
    .addHelpText('after', examples);
  if (!parseArguments(program, argv)) return null;
  const given = program.opts<Partial<CompareOptions>>();
  return {
    runs: program.args,
    at: given.at ?? null,
    markdown: given.markdown ?? false,
    out: given.out ?? 'compare.html',
    plot: given.plot ?? null,
  };
}

function picture(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value) => {
    if (/\.(png|svg)$/i.test(value)) return value;
    throw new UserError(`--plot: '${value}' is not a .png or .svg file`);
  });
}
