using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Work.Ledger;

internal sealed partial class LedgerWriter
{
    [LoggerMessage(3001, LogLevel.Error,
        "The ledger can't commit: requests stay un-acked with the broker until it can. Look at free space and at who holds the file")]
    private partial void LogCannotCommit(Exception error);

    [LoggerMessage(3002, LogLevel.Warning, "The ledger commits again")]
    private partial void LogCommitsAgain();

    [LoggerMessage(3003, LogLevel.Error, "The ledger refused {Operation} for good")]
    private partial void LogFailed(Exception error, string operation);

    [LoggerMessage(3004, LogLevel.Warning, "Old rows could not be removed from the ledger; it is tried again in a minute")]
    private partial void LogPruneFailed(Exception error);

    [LoggerMessage(3006, LogLevel.Error, "The ledger {State}: {Bytes} of at most {MaxBytes} bytes")]
    private partial void LogSpace(string state, long bytes, long maxBytes);

    [LoggerMessage(3007, LogLevel.Warning, "The ledger's log has {Bytes} bytes: another program holds an old state of it open, and until it ends the log grows")]
    private partial void LogLargeLog(long bytes);

    [LoggerMessage(3005, LogLevel.Critical, "What {Operation} has committed could not be taken up; a restart takes it up")]
    private partial void LogTellFailed(Exception error, string operation);
}
