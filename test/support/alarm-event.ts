/** What EventBridge hands over when an alarm is raised (CloudWatch User Guide, "Alarm events and EventBridge"). */
export function alarmEvent(alarmName: string, at: string) {
  const arn = `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`;
  const state = { value: 'ALARM', reason: 'Threshold Crossed', reasonData: '{}', timestamp: at };
  return {
    version: '0',
    id: '2fde8eb1-b821-4f37-8b5e-3d5d0c5b1d2f',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: `${at.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`,
    region: 'us-east-1',
    resources: [arn],
    detail: {
      alarmName,
      state,
      previousState: { ...state, value: 'OK' },
      configuration: { description: 'what a customer loses', metrics: [] },
    },
  };
}
