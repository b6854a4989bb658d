package dev.sallyport.agent.process;

import dev.sallyport.spi.event.AttributeSink;
import dev.sallyport.spi.event.ProbeEvent;

/**
 * A process executed a program. What it executed is the event's process itself; here stands what is
 * remarkable about it.
 *
 * @param userIdBefore effective user before
 * @param userId effective user after
 * @param groupIdBefore effective group before
 * @param groupId effective group after
 * @param realUserId real user
 * @param privileged whether set-user-id, set-group-id or file capabilities took effect
 * @param memfd whether the file exists in memory only
 * @param deleted whether the file had no name any more
 * @param inode the file's inode
 * @param device the file's device
 * @param argumentBytes how long the arguments were before any cut
 */
public record ExecEvent(
    int userIdBefore,
    int userId,
    int groupIdBefore,
    int groupId,
    int realUserId,
    boolean privileged,
    boolean memfd,
    boolean deleted,
    long inode,
    long device,
    long argumentBytes)
    implements ProbeEvent {

  @Override
  public String name() {
    return "sallyport.process.exec";
  }

  @Override
  public void describe(AttributeSink sink) {
    sink.put("process.real_user.id", realUserId);
    sink.put("process.group.id", groupId);
    sink.put("sallyport.process.executable.inode", inode);
    sink.put("sallyport.process.executable.device", device);
    if (userIdBefore != userId) {
      sink.put("sallyport.process.user.id.before", userIdBefore);
    }
    if (groupIdBefore != groupId) {
      sink.put("sallyport.process.group.id.before", groupIdBefore);
    }
    if (privileged) {
      sink.put("sallyport.process.privileged_exec", true);
    }
    if (memfd) {
      sink.put("sallyport.process.executable.memfd", true);
    }
    if (deleted) {
      sink.put("sallyport.process.executable.deleted", true);
    }
    sink.put("sallyport.process.command_args.bytes", argumentBytes);
  }
}
