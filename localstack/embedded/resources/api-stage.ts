import { z } from 'zod';
import { asideFor, kind } from './kind.ts';

/** The stage of a REST API: its name is the prefix under which every path works too. */
export const apiStage = kind(
  'AWS::ApiGateway::Stage',
  {
    RestApiId: z.string(),
    StageName: z.string(),
    DeploymentId: asideFor('the routes are served as declared'),
    AccessLogSetting: asideFor('there is no CloudWatch'),
    Description: asideFor('for people'),
    MethodSettings: asideFor('there are no metrics, and one machine needs no throttle'),
    Tags: asideFor('nobody asks for them'),
    TracingEnabled: asideFor('there is no X-Ray'),
  },
  (properties, _place, host) => {
    host.apis.only.stageName = properties.StageName;
    return { ref: properties.StageName };
  },
);
