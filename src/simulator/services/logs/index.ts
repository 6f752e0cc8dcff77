import * as schemas from '@aws-sdk/client-cloudwatch-logs'
import type { SimulatedService } from '../../service.ts'
import { filterLogEvents, getLogEvents } from './event-read.ts'
import { putLogEvents } from './event-write.ts'
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './group.ts'
import type { LogsState } from './state.ts'
import { createLogStream, deleteLogStream, describeLogStreams } from './stream.ts'
import { listTagsForResource, tagResource, untagResource } from './tags.ts'

/** Amazon CloudWatch Logs: groups with retention and tags, streams, events. */
export const logs: SimulatedService<LogsState> = {
  id: 'logs',
  schemas,
  createState: () => ({ groups: {} }),
  countLive: (state) => ({ logGroups: Object.keys(state.groups).length }),
  operations: {
    CreateLogGroup: createLogGroup,
    DeleteLogGroup: deleteLogGroup,
    DescribeLogGroups: describeLogGroups,
    PutRetentionPolicy: putRetentionPolicy,
    DeleteRetentionPolicy: deleteRetentionPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsForResource: listTagsForResource,
    CreateLogStream: createLogStream,
    DeleteLogStream: deleteLogStream,
    DescribeLogStreams: describeLogStreams,
    PutLogEvents: putLogEvents,
    GetLogEvents: getLogEvents,
    FilterLogEvents: filterLogEvents,
  },
}
