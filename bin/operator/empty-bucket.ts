import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { OperatorError } from './operator-error.ts';

/**
 * Deletes every version of every object, past a governance lock, and gives how many there were. Throws an `OperatorError` at
 * the first that stays, as all do under a compliance lock.
 */
export async function emptyBucket(client: S3Client, bucket: string): Promise<number> {
  for (let deleted = 0; ; ) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return deleted;
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects }, BypassGovernanceRetention: true });
    const { Errors = [] } = await client.send(command);
    const [error] = Errors;
    if (error !== undefined) {
      throw new OperatorError(
        `The bucket ${bucket} keeps ${error.Key} (${error.Code} ${error.Message}): you need s3:BypassGovernanceRetention.`,
      );
    }
    deleted += Objects.length;
  }
}
