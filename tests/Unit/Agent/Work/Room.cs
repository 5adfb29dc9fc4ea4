using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Tests.Support;

namespace OpsAgent.Tests.Unit.Agent.Work;

/// <summary>The whole room over a real ledger file, with bus, runner, handlers and clock of the test's making.</summary>
internal sealed class Room : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Room(
        TemporaryState state,
        FakeTime? time = null,
        FakeBus? bus = null,
        FakeHandler? handler = null,
        Action<WorkOptions>? work = null,
        Action<EventsOptions>? events = null,
        IReattachment? reattachment = null,
        FakeHandler? second = null,
        MonitorOptions? monitor = null,
        HttpMessageHandler? transport = null,
        IQueueHolding? holding = null,
        ICredentialGate? gate = null)
    {
        State = state;
        Time = time ?? new FakeTime();
        Bus = bus ?? new FakeBus();
        Handler = handler ?? new FakeHandler("fetch");
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IMessageBus>(Bus);
        services.AddSingleton<IWorkRunner>(Runner);
        services.AddSingleton<IHandlerSource>(second is null ? new FakeHandlers(Handler) : new FakeHandlers(Handler, second));
        if (reattachment is not null)
        {
            services.AddSingleton(reattachment);
        }

        if (monitor is not null)
        {
            services.AddSingleton(monitor);
        }

        if (transport is not null)
        {
            services.AddSingleton(transport);
        }

        if (holding is not null)
        {
            services.AddSingleton(holding);
        }

        if (gate is not null)
        {
            services.AddSingleton(gate);
        }

        services.AddWork();
        services.Configure<WorkOptions>(o =>
        {
            o.StateDirectory = state.Folder;
            o.Lanes["fetch"] = 4;
            work?.Invoke(o);
        });
        services.Configure<EventsOptions>(o => events?.Invoke(o));
        _services = services.BuildServiceProvider();
    }

    public TemporaryState State { get; }

    public FakeTime Time { get; }

    public FakeBus Bus { get; }

    public FakeRunner Runner { get; } = new();

    public FakeHandler Handler { get; }

    public WorkRoom Work => _services.GetRequiredService<WorkRoom>();

    public DrainPace Pace => _services.GetRequiredService<DrainPace>();

    public IIntake Intake => _services.GetRequiredService<IIntake>();

    public IWorkView View => _services.GetRequiredService<IWorkView>();

    public IWorkDecisions Decisions => _services.GetRequiredService<IWorkDecisions>();

    public WorkLedger Ledger => _services.GetRequiredService<WorkLedger>();

    public Settler Settler => _services.GetRequiredService<Settler>();

    public Executor Executor => _services.GetRequiredService<Executor>();

    public RunningTable Running => _services.GetRequiredService<RunningTable>();

    public LaneBoard Lanes => _services.GetRequiredService<LaneBoard>();

    public IPauses Pauses => _services.GetRequiredService<IPauses>();

    public HoldTable Holds => _services.GetRequiredService<HoldTable>();

    public RecordGauge Records => _services.GetRequiredService<RecordGauge>();

    public OutboxGauge Outbox => _services.GetRequiredService<OutboxGauge>();

    public static async Task<Room> StartAsync(
        TemporaryState state,
        FakeTime? time = null,
        FakeBus? bus = null,
        FakeHandler? handler = null,
        Action<WorkOptions>? work = null,
        Action<EventsOptions>? events = null,
        IReattachment? reattachment = null,
        FakeHandler? second = null,
        Action<Room>? before = null,
        MonitorOptions? monitor = null,
        HttpMessageHandler? transport = null,
        IQueueHolding? holding = null,
        ICredentialGate? gate = null)
    {
        var room = new Room(state, time, bus, handler, work, events, reattachment, second, monitor, transport, holding, gate);
        before?.Invoke(room);
        await room.Work.StartAsync(CancellationToken.None);
        return room;
    }

    /// <summary>A message as the broker brings it.</summary>
    public OpsMessage Message(
        string? key = null, string? requestId = null, string? delivery = null, string type = "fetch", DateTimeOffset? sentAt = null)
    {
        var body = key is null ? "{}" : JsonSerializer.Serialize(new { key });
        return new OpsMessage
        {
            MsgType = new MsgType(type),
            RequestId = requestId is null ? RequestId.New() : new RequestId(requestId),
            HasCallersRequestId = requestId is not null,
            DeliveryId = delivery is null ? null : new DeliveryId(delivery),
            Body = JsonElement.Parse(body),
            SentAt = sentAt,
            ReceivedAt = Time.GetUtcNow(),
            RequestedBy = "wenaus",
        };
    }

    public Task<Admission> AcceptAsync(OpsMessage message, FakeHandler? handler = null, CancellationToken token = default) =>
        Intake.AcceptAsync(
            message, Encoding.UTF8.GetBytes(message.Body.GetRawText()), (handler ?? Handler).WorkOf(message), token);

    public Task<Admission> AcceptAsync(string? key = null, string? requestId = null, string? delivery = null) =>
        AcceptAsync(Message(key, requestId, delivery));

    public WorkRow Row(RequestId id) => Ledger.Rows.Find(id) ?? throw new InvalidOperationException($"no row {id}");

    public Task SettledAsync(RequestId id) => Eventually.HoldsAsync(
        () => Ledger.Rows.Find(id)?.State is "settled" or "doubt", $"{id} is settled");

    public Task PublishedAsync(int settlements) => Eventually.HoldsAsync(
        () => Bus.Settlements.Count >= settlements && Outbox.Depth == 0, $"{settlements} settlements are published");

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
