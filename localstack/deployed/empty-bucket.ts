import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { CREDENTIALS, REGION } from './endpoint.ts';

/** Deletes every version of every object, past a governance lock. Throws at the first that stays. */
export async function emptyBucket(endpoint: string, bucket: string): Promise<void> {
  const client = new S3Client({ endpoint, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects }, BypassGovernanceRetention: true });
    const { Errors = [] } = await client.send(command);
    const [error] = Errors;
    if (error !== undefined) throw new Error(`${bucket} keeps ${error.Key}: ${error.Code} ${error.Message}`);
  }
  client.destroy();
}
