using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Stomp.Broker;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class QueueProperties
{
    private static readonly string[] Versions = ["1.0", "1.1", "1.2"];
    private static readonly string[] Modes = ["auto", "client", "client-individual"];

    private enum Act
    {
        Send,
        Subscribe,
        Answer,
        End,
    }

    [Fact]
    public async Task Whatever_consumers_do_nothing_is_lost_nothing_comes_twice_and_the_order_holds()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        var act = Gen.Frequency((3, Gen.Constant(Act.Send)), (2, Gen.Constant(Act.Subscribe)), (5, Gen.Constant(Act.Answer)), (2, Gen.Constant(Act.End)));
        var step = act.SelectMany(a => Gen.ArrayOf(Gen.Choose(0, 999), 6).Select(n => new Step(a, n)));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(40),
            Prop.ForAll(Arb.From(Gen.ListOf(step).Select(s => new Story([.. s]))), story => RunAsync(broker, story.Steps).GetAwaiter().GetResult()));
    }

    private static async Task<bool> RunAsync(StompBroker broker, IEnumerable<Step> steps)
    {
        using var model = new QueueModel(broker);
        foreach (var (act, n) in steps)
        {
            var consumer = model.Consumers.Count == 0 ? null : model.Consumers[n[0] % model.Consumers.Count];
            switch (act)
            {
                case Act.Send:
                    await model.SendAsync(1 + (n[1] % 5));
                    break;
                case Act.Subscribe:
                    await model.SubscribeAsync(Versions[n[1] % 3], Modes[n[2] % 3], 1 + (n[3] % 4));
                    break;
                case Act.Answer when consumer?.Held.Count > 0:
                    await model.AnswerAsync(consumer, n[1], accept: n[2] % 4 > 0 || consumer.Version == "1.0", inTransaction: n[3] % 3 == 0, commit: n[4] % 2 == 0);
                    break;
                case Act.End when consumer is not null:
                    await model.EndAsync(consumer, n[1]);
                    break;
            }

            await model.CheckAsync();
        }

        await model.CheckRestAsync();
        return true;
    }

    private sealed record Story(IReadOnlyList<Step> Steps)
    {
        public override string ToString() => string.Join("; ", Steps);
    }

    private sealed record Step(Act Act, int[] Numbers)
    {
        public override string ToString() => $"{Act} {string.Join(',', Numbers)}";
    }
}
