using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed partial class StderrRelay
{
    [LoggerMessage(LineEvent, LogLevel.Information, "  {Doer}: {Line}")]
    private partial void LogLine(string doer, string line);

    [LoggerMessage(4011, LogLevel.Warning, "  {Doer}: {Lines} more lines ({Bytes} bytes) were not relayed")]
    private partial void LogSuppressed(string doer, long lines, long bytes);
}
