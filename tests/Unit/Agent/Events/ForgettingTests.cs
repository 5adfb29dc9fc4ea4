using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using OpsAgent.Agent.Events;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Events;

public sealed class ForgettingTests
{
    private readonly Mock<IOutboxStore> _store = new();
    private readonly Forgetting _forgetting;

    public ForgettingTests()
    {
        _store.Setup(s => s.DeleteAsync(It.IsAny<IReadOnlyList<long>>())).Returns(Task.CompletedTask);
        _forgetting = new Forgetting(_store.Object, NullLogger.Instance);
    }

    [Fact]
    public async Task A_deleted_row_is_held_while_rows_read_before_are_gone_through()
    {
        _forgetting.Add(1);
        await _forgetting.IdleAsync();
        Assert.True(_forgetting.Holds(1));

        _forgetting.BeforeRead();
        Assert.False(_forgetting.Holds(1));
    }

    [Fact]
    public void A_row_that_is_not_deleted_yet_is_held_over_any_reading()
    {
        _store.Setup(s => s.DeleteAsync(It.IsAny<IReadOnlyList<long>>())).Returns(new TaskCompletionSource().Task);
        _forgetting.Add(1);
        _forgetting.BeforeRead();
        Assert.True(_forgetting.Holds(1));
    }
}
