import { z } from 'zod';
import { asideFor, kind, physicalName } from './kind.ts';
import { policyDocument } from './policy-document.ts';

/** A role, with the policies declared inside it. A permissions boundary is refused: it would have to be obeyed too. */
export const iamRole = kind(
  'AWS::IAM::Role',
  {
    RoleName: z.string().optional(),
    ManagedPolicyArns: z.array(z.string()).optional(),
    Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).optional(),
    AssumeRolePolicyDocument: asideFor('each function runs under the role it names'),
    Description: asideFor('for people'),
    MaxSessionDuration: asideFor('nobody takes a session but the functions'),
    Path: asideFor('names alone tell roles apart'),
    Tags: asideFor('nobody asks for them'),
  },
  (properties, place, { accountId, authority }) => {
    const name = properties.RoleName ?? physicalName(place);
    const Arn = `arn:aws:iam::${accountId}:role/${name}`;
    const documents = (properties.Policies ?? []).map(({ PolicyName, PolicyDocument }) => ({
      place: `${PolicyName} in ${place.logicalId}`,
      json: PolicyDocument,
    }));
    authority.book.addRole(Arn, documents, properties.ManagedPolicyArns ?? []);
    return { ref: name, attributes: { Arn, RoleId: name } };
  },
);
