using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The ledger: one file, one writer, any number of readers. Closed until <see cref="Open"/>.</summary>
internal sealed class WorkLedger(
    IOptions<WorkOptions> options,
    IOptions<EventsOptions> events,
    EventComposer composer,
    OutboxGauge gauge,
    OutboxAges ages,
    WorkAges workAges,
    RecordGauge records,
    MonitorOptions monitor,
    TimeProvider time,
    ILogger<WorkLedger> logger) : ILedgerState, IOutboxStore, IRestStore, IDisposable
{
    private readonly LedgerSuspicion _suspicion = new(Path.Combine(options.Value.StateDirectory, LedgerFile.Name));
    private ReaderPool? _readers;
    private LedgerWriter? _writer;
    private LedgerReader? _reader;
    private RowReader? _rows;

    /// <summary>The writer's thread is in it; changes go here.</summary>
    public LedgerWriter Writer => _writer ?? throw NotOpen();

    public LedgerReader Reader => _reader ?? throw NotOpen();

    public RowReader Rows => _rows ?? throw NotOpen();

    public bool CanCommit => _writer?.CanCommit ?? false;

    public string LastError => _writer?.LastError is { Length: > 0 } error ? error : _suspicion.Told;

    /// <summary>What it takes on disk.</summary>
    public LedgerSpace Space { get; } = new(Path.Combine(options.Value.StateDirectory, LedgerFile.Name), options.Value.MaxLedgerBytes);

    /// <summary>Now, as the ledger counts time: ms unix UTC.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public int MaxRefusals => options.Value.MaxRefusals;

    /// <exception cref="LedgerTooNewException">A newer agent has written the file.</exception>
    /// <exception cref="LedgerBrokenException">It is damaged, or no ledger.</exception>
    public void Open()
    {
        if (_writer is not null)
        {
            return;
        }

        var folder = options.Value.StateDirectory;
        var session = new LedgerSession(
            LedgerFile.OpenForWriting(folder, LedgerSchema.Steps),
            composer,
            events.Value,
            gauge,
            new RestTable(records, monitor.MaxRecords))
        {
            Space = Space,
            Ages = ages,
        };
        try
        {
            session.LoadBirth(Now, options.Value.SigningWindow);
            session.LoadTally();
            workAges.Committed(session.NewestInWork());
            Space.Measure(session);
        }
        catch (Exception e)
        {
            session.Dispose();
            if (e is SqliteException damage && LedgerCheck.IsDamage(damage))
            {
                throw Broken(damage);
            }

            throw;
        }

        _writer = new LedgerWriter(session, new LedgerRetention(options.Value, time), _suspicion, logger);
        _readers = new ReaderPool(folder, _suspicion);
        _reader = new LedgerReader(_readers);
        _rows = new RowReader(_readers);
    }

    /// <summary>What SQLite says of the file's damage, as the reason why the agent does not start.</summary>
    public LedgerBrokenException Broken(SqliteException damage) =>
        new(Path.Combine(options.Value.StateDirectory, LedgerFile.Name), damage.Message, damage);

    public IReadOnlyList<OutboxRow> Read(long after, int limit) => Reader.Outbox(after, limit);

    public Task DeleteAsync(IReadOnlyList<long> ids) => Writer.DoAsync(new DeleteOutboxOperation(ids));

    public IReadOnlyList<RestRow> ReadCalls(int limit) => Reader.Calls(limit);

    public bool PostCall(RestRow row)
    {
        // A ledger that can't be opened yet takes nothing; what the call tells of is in the log too.
        _writer?.Post(new AddCallOperation(row));
        return _writer is not null;
    }

    public Task DeleteCallAsync(long id) => Writer.DoAsync(new DeleteCallOperation(id));

    /// <summary>Readers first, so that the last connection is the writer's and takes the write-ahead log with it.</summary>
    public void Dispose()
    {
        _readers?.Dispose();
        _writer?.Dispose();
    }

    private static LedgerNotOpenException NotOpen() => new();
}
