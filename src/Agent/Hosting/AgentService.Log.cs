using Microsoft.Extensions.Logging;
using OpsAgent.Stomp;

namespace OpsAgent.Agent.Hosting;

internal sealed partial class AgentService
{
    [LoggerMessage(1301, LogLevel.Information, "{Name} {Version} starts, pid {Pid}, state in {StateDir}")]
    private partial void LogStarting(string name, string version, int pid, string stateDir);

    [LoggerMessage(1302, LogLevel.Information, "setting {Key} = {Value}, from {Origin}")]
    private partial void LogSetting(string key, string value, string origin);

    [LoggerMessage(1303, LogLevel.Information, "ready with {Count} capabilities")]
    private partial void LogReady(int count);

    [LoggerMessage(1304, LogLevel.Information, "draining, for at most {Limit}")]
    private partial void LogDraining(TimeSpan limit);

    [LoggerMessage(1305, LogLevel.Information, "stopped")]
    private partial void LogStopped();

    [LoggerMessage(1306, LogLevel.Error, "the ledger is not there yet: pings are answered, requests are held for it")]
    private partial void LogWithoutLedger();

    [LoggerMessage(1307, LogLevel.Information, "the ledger is there; what was held goes into it")]
    private partial void LogLedgerThere();

    [LoggerMessage(1308, LogLevel.Information, "a broker of its own listens on {Endpoint}; what it holds is in memory only")]
    private partial void LogOwnBroker(StompEndpoint endpoint);

    [LoggerMessage(1313, LogLevel.Warning, "anybody who may write to the queue can end this agent: [message.shutdown] of the configuration says who may")]
    private partial void LogOpenShutdown();

    [LoggerMessage(
        1314, LogLevel.Warning,
        "the secret in {Variable} is one plain word: it becomes [redacted] wherever the word is said; one with digits or signs is told from words")]
    private partial void LogPlainWord(string variable);

    [LoggerMessage(1315, LogLevel.Warning, "{File} holds secrets, and every user of this host may read or write it: chmod o= {File}")]
    private partial void LogOpenFile(string file);

    [LoggerMessage(1309, LogLevel.Warning, "a test has armed a fail-point: this process kills itself at {Armed}")]
    private partial void LogArmed(string armed);
}
