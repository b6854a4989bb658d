package dev.sallyport.agent.export;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The attribute names that the export itself writes, pinned to one version of the semantic
 * conventions. The stable artifact of the conventions has none of the CI/CD, VCS and process
 * groups, so they stand here.
 */
final class SemanticConventions {

  /** What the names below are held to. */
  static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.45.0";

  static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
  static final AttributeKey<String> SERVICE_VERSION = AttributeKey.stringKey("service.version");
  static final AttributeKey<String> SERVICE_INSTANCE_ID =
      AttributeKey.stringKey("service.instance.id");
  static final AttributeKey<String> HOST_NAME = AttributeKey.stringKey("host.name");

  static final AttributeKey<String> PIPELINE_NAME = AttributeKey.stringKey("cicd.pipeline.name");
  static final AttributeKey<String> PIPELINE_RUN_ID =
      AttributeKey.stringKey("cicd.pipeline.run.id");
  static final AttributeKey<String> PIPELINE_RUN_URL =
      AttributeKey.stringKey("cicd.pipeline.run.url.full");
  static final AttributeKey<String> WORKER_NAME = AttributeKey.stringKey("cicd.worker.name");
  static final AttributeKey<String> REPOSITORY_NAME = AttributeKey.stringKey("vcs.repository.name");
  static final AttributeKey<String> OWNER_NAME = AttributeKey.stringKey("vcs.owner.name");
  static final AttributeKey<String> REPOSITORY_URL =
      AttributeKey.stringKey("vcs.repository.url.full");
  static final AttributeKey<String> REF_NAME = AttributeKey.stringKey("vcs.ref.head.name");
  static final AttributeKey<String> REF_REVISION = AttributeKey.stringKey("vcs.ref.head.revision");

  static final AttributeKey<String> TASK_NAME = AttributeKey.stringKey("cicd.pipeline.task.name");
  static final AttributeKey<String> TASK_RUN_ID =
      AttributeKey.stringKey("cicd.pipeline.task.run.id");
  static final AttributeKey<String> JOB_ID = AttributeKey.stringKey("sallyport.job.id");
  static final AttributeKey<Long> RUN_ATTEMPT = AttributeKey.longKey("sallyport.run.attempt");
  static final AttributeKey<Long> STEP_ID = AttributeKey.longKey("sallyport.step.id");
  static final AttributeKey<String> STEP_NAME = AttributeKey.stringKey("sallyport.step.name");
  static final AttributeKey<Long> STEP_INDEX = AttributeKey.longKey("sallyport.step.index");
  static final AttributeKey<Long> SEQUENCE = AttributeKey.longKey("sallyport.sequence");
  static final AttributeKey<String> PROBE = AttributeKey.stringKey("sallyport.probe");
  static final AttributeKey<Boolean> UNFINISHED = AttributeKey.booleanKey("sallyport.unfinished");

  static final AttributeKey<Long> PROCESS_PID = AttributeKey.longKey("process.pid");
  static final AttributeKey<Long> PROCESS_PARENT_PID = AttributeKey.longKey("process.parent_pid");
  static final AttributeKey<String> PROCESS_CREATION_TIME =
      AttributeKey.stringKey("process.creation.time");
  static final AttributeKey<String> PROCESS_EXECUTABLE_PATH =
      AttributeKey.stringKey("process.executable.path");
  static final AttributeKey<String> PROCESS_EXECUTABLE_NAME =
      AttributeKey.stringKey("process.executable.name");
  static final AttributeKey<List<String>> PROCESS_COMMAND_ARGS =
      AttributeKey.stringArrayKey("process.command_args");
  static final AttributeKey<Long> PROCESS_USER_ID = AttributeKey.longKey("process.user.id");
  static final AttributeKey<String> PROCESS_WORKING_DIRECTORY =
      AttributeKey.stringKey("process.working_directory");
  static final AttributeKey<List<String>> PROCESS_ANCESTORS =
      AttributeKey.stringArrayKey("sallyport.process.ancestors");
  static final AttributeKey<Long> PROCESS_EXIT_CODE = AttributeKey.longKey("process.exit.code");
  static final AttributeKey<Long> PROCESS_EXIT_SIGNAL =
      AttributeKey.longKey("sallyport.process.exit.signal");

  /** Set by the network probe; read here for the metric of connections. */
  static final String VERDICT = "sallyport.verdict";

  static final String CONNECT_EVENT = "sallyport.network.connect";
  static final String FINDING_EVENT = "sallyport.finding";
  static final String JOB_STARTED = "sallyport.job.started";
  static final String JOB_ENDED = "sallyport.job.ended";
  static final String STEP_STARTED = "sallyport.step.started";
  static final String STEP_ENDED = "sallyport.step.ended";
  static final String PROCESS_EXEC = "sallyport.process.exec";
  static final String PROCESS_EXIT = "sallyport.process.exit";

  private SemanticConventions() {}
}
