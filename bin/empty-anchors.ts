import { fileURLToPath } from 'node:url';
import { runCommand, type Said, say } from './operator/command.ts';
import { emptyBucket } from './operator/empty-bucket.ts';
import { OperatorError } from './operator/operator-error.ts';

const USAGE_TEXT = `Usage: npm run empty-anchors -- [--stage dev]

Deletes every anchor of a stage that may be thrown away, so that its data stack can be: CloudFormation deletes no bucket that
holds anything. Destroy the service stack first, or it goes on writing anchors. What they proved can't be proved any more.
  --stage NAME     the deployed stage, by default dev; AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL say where`;

/** Empties the bucket of anchors; gives the exit code and what to tell. */
export function runEmptyAnchors(args: readonly string[]): Promise<Said> {
  return runCommand(args, {
    usage: USAGE_TEXT,
    options: {},
    work: async ({ stage }, { anchors }) => {
      if (stage === 'prod') {
        throw new OperatorError('The anchors of prod are locked for ten years: neither you nor AWS can delete them.');
      }
      const { client, bucket } = await anchors();
      try {
        return { out: `Anchors deleted: ${await emptyBucket(client, bucket)}.` };
      } finally {
        client.destroy();
      }
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) say(await runEmptyAnchors(process.argv.slice(2)));
