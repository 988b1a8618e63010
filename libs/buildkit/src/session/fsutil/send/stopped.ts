import { GrpcError } from '../../grpc/grpc-error.js';

/** Thrown within a part that another part's failure has ended. */
export class Stopped extends GrpcError {
  constructor() {
    super('CANCELLED', 'stopped');
  }
}
