namespace OpsAgent.OpsCtl.Terminal;

/// <summary>A result can't be written where it should go, for example to a full disk.</summary>
internal sealed class OutputFailedException(string message) : IOException(message);
