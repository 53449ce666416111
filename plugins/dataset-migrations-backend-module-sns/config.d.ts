export interface Config {
  datasetMigrations?: {
    notifications?: {
      /**
       * Publishes what is told of migrations on a topic of Amazon SNS. Credentials
       * are those of the topic's account in `aws` (see the integration
       * `@backstage/integration-aws-node`), or where there is no `aws` what the SDK
       * finds by itself: environment, web identity, container or instance role.
       */
      sns?: {
        /**
         * The topic. The ARN of a FIFO topic ends in `.fifo`; on it the events of
         * one dataset form a group and come in order, and one that is sent twice
         * within five minutes comes once.
         */
        topicArn: string;
        /** Where it is. Default: the region in the ARN. */
        region?: string;
        /**
         * Address of the service, where it is not that of the region: a VPC
         * endpoint, or something local that speaks its protocol.
         */
        endpoint?: string;
      };
    };
  };
}
