using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

/// <summary>Messages that are handed out before those that wait.</summary>
public sealed class PassingTests
{
    [Fact]
    public async Task What_goes_first_passes_all_that_waits_in_its_own_order()
    {
        await using var scene = await Scene.SetAsync(static m => m.MessageId.StartsWith('p'));
        await scene.SendAsync("a1", "a2", "a3", "p1", "a4", "p2");

        Assert.Equal(["first", "p1", "p2", "a1", "a2", "a3", "a4"], await scene.OrderAsync(7));
    }

    [Fact]
    public async Task However_many_of_them_come_the_oldest_that_waits_has_a_turn_after_fifteen()
    {
        await using var scene = await Scene.SetAsync(static m => m.MessageId.StartsWith('p'));
        await scene.SendAsync(["a1", "a2", .. Enumerable.Range(1, 40).Select(i => $"p{i}")]);

        var order = await scene.OrderAsync(43);
        Assert.Equal(1 + 15, order.IndexOf("a1"));
        Assert.Equal(1 + 15 + 1 + 15, order.IndexOf("a2"));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"p{i}"), order.Where(m => m[0] == 'p'));
    }

    [Fact]
    public async Task A_question_that_throws_lets_nothing_pass_and_loses_nothing()
    {
        await using var scene = await Scene.SetAsync(static _ => throw new InvalidOperationException("on purpose"));
        await scene.SendAsync("a1", "p1");

        Assert.Equal(["first", "a1", "p1"], await scene.OrderAsync(3));
    }

    [Fact]
    public async Task Where_an_ack_counts_for_earlier_messages_none_may_go_first()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);

        Assert.Throws<ArgumentException>(() => under.Client.Subscribe(
            new StompSubscribeOptions { Destination = "/queue/a", AckMode = StompAckMode.Client, GoesFirst = static _ => true },
            static _ => ValueTask.CompletedTask));
    }

    /// <summary>A client whose handler waits at its first message until all that the test sends has been read.</summary>
    private sealed class Scene(ScriptedStompServer server, ScriptedStompConnection connection, ClientUnderTest under) : IAsyncDisposable
    {
        private readonly TaskCompletionSource _go = new();
        private int _read;

        public static async Task<Scene> SetAsync(Func<StompMessage, bool> goesFirst)
        {
            var server = new ScriptedStompServer();
            var under = ClientUnderTest.Started(server);
            var scene = new Scene(server, await server.GrantAsync(), under);
            await scene.SubscribeAsync(goesFirst);
            return scene;
        }

        public async Task SendAsync(params string[] ids)
        {
            foreach (var id in ids)
            {
                await connection.SendMessageAsync("1", id, "x");
            }

            await Eventually.HoldsAsync(() => Volatile.Read(ref _read) == ids.Length + 1, "all is read");

            // Read is not yet waiting: the next frame is, once the one before it does.
            await connection.SendMessageAsync("none", "last", "x", "/queue/none");
            await Eventually.HoldsAsync(() => under.Log.All.Any(l => l.Contains("/queue/none", StringComparison.Ordinal)), "what comes behind them is read");
        }

        public async Task<List<string>> OrderAsync(int count)
        {
            _go.SetResult();
            await under.ReceivesAsync(count);
            return [.. under.Messages.Select(m => m.MessageId)];
        }

        public async ValueTask DisposeAsync()
        {
            await under.DisposeAsync();
            await server.DisposeAsync();
        }

        private async Task SubscribeAsync(Func<StompMessage, bool> goesFirst)
        {
            var options = new StompSubscribeOptions
            {
                Destination = "/queue/a",
                GoesFirst = message =>
                {
                    Interlocked.Increment(ref _read);
                    return goesFirst(message);
                },
            };
            under.Client.Subscribe(options, async message =>
            {
                under.Messages.Enqueue(message);
                await _go.Task;
            });
            await connection.ExpectAsync("SUBSCRIBE");
            await connection.SendMessageAsync("1", "first", "x");
            await under.ReceivesAsync();
        }
    }
}
