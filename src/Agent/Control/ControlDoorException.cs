namespace OpsAgent.Agent.Control;

/// <summary>The door can't be opened. The message says what to do.</summary>
internal class ControlDoorException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A living agent answers at this state folder's door.</summary>
internal sealed class ControlDoorTakenException(string path)
    : ControlDoorException($"another agent answers at {path}: stop it first, or give this one a state folder of its own");
