using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Ledger;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Work;

public sealed class CapabilityQueueTests
{
    /// <summary>Every order in which commits, their notices, page reads and takes can follow each other, at random.</summary>
    [Fact]
    public void However_commits_notices_pages_and_takes_interleave_each_id_is_given_out_once()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var queue = new CapabilityQueue(new LaneName("l"), new MsgType("t"), random.Next(4, 12)) { MaxParallel = int.MaxValue };
            var disk = new SortedSet<long>();
            var unnoticed = new Queue<long>();
            var taken = new List<long>();
            (PageRequest Request, List<QueuedId>? Read)? page = null;
            long next = 1;
            if (random.Next(2) == 0)
            {
                for (; next < random.Next(2, 30); next++)
                {
                    disk.Add(next);
                    queue.Queued++;
                }

                queue.OfferDisk(next - 1);
            }

            void Step(int action)
            {
                switch (action)
                {
                    case 0 when next < 100:
                        disk.Add(next);
                        unnoticed.Enqueue(next);
                        next += random.Next(1, 3);
                        break;
                    case 1 when unnoticed.TryDequeue(out var id):
                        queue.Queued++;
                        queue.Offer(new QueuedId(id, id));
                        break;
                    case 2 when page is null && queue.TryBeginPage() is { } request:
                        page = (request, null);
                        break;
                    case 3 when page is { Read: null } p:
                        page = (p.Request, [.. disk.Where(i => i > p.Request.After).Take(p.Request.Limit).Select(i => new QueuedId(i, i))]);
                        break;
                    case 4 when page is { Read: { } read } p:
                        queue.EndPage(read, read.Count > 0 ? read[^1].Id : 0, read.Count < p.Request.Limit);
                        page = null;
                        break;
                    case 5 when queue.CanTake:
                        var take = queue.Take().Id;
                        taken.Add(take);
                        disk.Remove(take);
                        break;
                    case 6 when random.Next(10) == 0 && page is { Read: null }:
                        queue.AbandonPage();
                        page = null;
                        break;
                }
            }

            for (var i = 0; i < 600; i++)
            {
                Step(random.Next(7));
            }

            for (var i = 0; i < 2_000; i++)
            {
                Step(i % 5 + 1);
            }

            Assert.True(disk.Count == 0, $"seed {seed}: {disk.Count} ids were never given out");
            Assert.True(taken.SequenceEqual(taken.Distinct().Order()), $"seed {seed}: twice or out of order: {string.Join(' ', taken)}");
        }
    }
}
