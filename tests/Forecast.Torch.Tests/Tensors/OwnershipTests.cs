using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

/// <summary>Counts tensors of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public class OwnershipTests
{
    private static Tensor Make() => zeros(4, float32, TestDevice.Device);

    [Fact]
    public void A_scope_disposes_of_what_was_made_in_it_and_saves_what_is_moved_out()
    {
        Tensor saved;
        Tensor lost;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                lost = Make();
                saved = (lost + 1).MoveToOuterDisposeScope();
                inner.DisposablesCount.ShouldBe(1);
            }

            lost.IsInvalid.ShouldBeTrue();
            saved.IsInvalid.ShouldBeFalse();
            outer.DisposablesCount.ShouldBe(1);
            outer.Contains(saved).ShouldBeTrue();
            saved.DetachFromDisposeScope();
        }

        saved.ShouldBe([4], 1, 1, 1, 1);
        saved.Dispose();
    }

    [Fact]
    public void A_scope_keeps_nothing_of_what_was_disposed_of_early()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 1000; i++) Make().Dispose();
        var kept = new List<Tensor>();
        for (var i = 0; i < 100; i++)
        {
            kept.Add(Make());
            Make().Dispose();
        }

        scope.DisposablesCount.ShouldBe(100);
        for (var i = 0; i < 100; i += 2) kept[i].Dispose();
        scope.DisposablesCount.ShouldBe(50);
        scope.DisposablesView.ShouldBe(kept.Where(t => !t.IsInvalid).Cast<IDisposable>());
    }

    [Fact]
    public void Everything_but_what_is_named_goes()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (Make(), Make(), Make());
        scope.DisposeEverythingBut(a, c).ShouldBe((a, c));
        b.IsInvalid.ShouldBeTrue();
        scope.DisposablesCount.ShouldBe(2);
        a.Dispose();
        scope.DisposablesCount.ShouldBe(1);
        scope.DisposeEverything();
        c.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Tensors_move_between_scopes()
    {
        using var outer = NewDisposeScope();
        var anchor = Make();
        using var inner = NewDisposeScope();
        var moved = Make();
        moved.MoveToOtherDisposeScope(anchor);
        inner.Contains(moved).ShouldBeFalse();
        outer.Contains(moved).ShouldBeTrue();
        inner.Attach(moved);
        outer.Contains(moved).ShouldBeFalse();
        inner.MoveToOther(outer, moved);
        outer.DisposablesCount.ShouldBe(2);
        WrappedTensorDisposeScope(() => Make() + Make()).ShouldBe([4], 0, 0, 0, 0);
        inner.DisposablesCount.ShouldBe(1);
    }

    [Fact]
    public void A_scope_is_its_threads_own()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() =>
        {
            CurrentDisposeScope.ShouldBeNull();
            other = Make();
        });
        thread.Start();
        thread.Join();
        scope.DisposablesCount.ShouldBe(0);
        other!.IsInvalid.ShouldBeFalse();
        other.Dispose();
    }

    [Fact]
    public void Another_thread_may_dispose_of_a_scopes_tensor()
    {
        var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 200).Select(_ => Make()).ToList();
        var thread = new Thread(() => tensors.ForEach(t => t.Dispose()));
        thread.Start();
        for (var i = 0; i < 200; i++) tensors.Count.ShouldBe(200);
        var mine = Enumerable.Range(0, 500).Select(_ => Make()).ToList();
        thread.Join();
        mine.ShouldAllBe(t => !t.IsInvalid);
        scope.Dispose();
        mine.ShouldAllBe(t => t.IsInvalid);
    }

    [Fact]
    public void Disposing_twice_does_nothing_and_use_afterwards_is_refused()
    {
        var tensor = Make();
        tensor.Dispose();
        tensor.Dispose();
        tensor.IsInvalid.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => tensor + 1);
        Should.Throw<ObjectDisposedException>(() => tensor.shape);
        Should.Throw<ObjectDisposedException>(() => tensor.backward());
        Should.Throw<ObjectDisposedException>(() => tensor.add_(tensor));
        Should.Throw<ObjectDisposedException>(() => cat([tensor, tensor]));
        tensor.metastr().ShouldBe("disposed tensor");
    }

    [Fact]
    public void A_handle_given_away_empties_its_object()
    {
        var tensor = ones(2, float64, TestDevice.Device);
        var before = Tensor.TotalCount;
        var handle = tensor.DecoupleFromNativeHandle();
        tensor.IsInvalid.ShouldBeTrue();
        Tensor.TotalCount.ShouldBe(before - 1);
        using var again = Tensor.UnsafeCreateTensor(handle);
        again.ShouldBe([2], 1, 1);
    }

    [Fact]
    public void The_finalizer_releases_what_nobody_holds()
    {
        Settle();
        var before = Tensor.TotalCount;
        Litter();
        Tensor.TotalCount.ShouldBe(before + 500);
        Settle();
        Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void A_tensor_outlives_the_call_that_uses_it()
    {
        var stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            // Only the argument itself keeps its tensor alive here, while the collector is at work.
            for (var i = 0; i < 300; i++)
            {
                using var sum = Ones(64).matmul(Ones(64)).sum();
                sum.item<float>().ShouldBe(64f * 64 * 64);
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Join();
        }
    }

    [Fact]
    public void Training_steps_in_scopes_leave_nothing_behind() => Train(2_000, scoped: true);

    [Fact]
    public void Training_steps_without_scopes_are_cleaned_up_after() => Train(2_000, scoped: false);

    [Fact]
    [Trait("Category", "Soak")]
    public void A_hundred_thousand_training_steps_leave_memory_flat() => Train(100_000, scoped: true);

    [Fact]
    [Trait("Category", "Soak")]
    public void A_hundred_thousand_training_steps_without_scopes_leave_memory_flat() => Train(100_000, scoped: false);

    private static void Train(int steps, bool scoped)
    {
        using var generator = new Generator(3, TestDevice.Device);
        using var x = randn([32, 8], float32, TestDevice.Device, generator: generator);
        using var y = x.sum(1, keepdim: true);
        using var w1 = randn([8, 16], float32, TestDevice.Device, generator: generator).mul_(0.3).requires_grad_();
        using var w2 = randn([16, 1], float32, TestDevice.Device, generator: generator).mul_(0.3).requires_grad_();
        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = scoped ? NewDisposeScope() : null;
                var loss = (x.matmul(w1).tanh().matmul(w2) - y).square().mean();
                loss.backward();
                using (no_grad())
                {
                    foreach (var w in (ReadOnlySpan<Tensor>)[w1, w2])
                    {
                        w.sub_(w.grad! * 0.05);
                        w.grad = null;
                    }
                }

                if (i == count - 1) loss.item<float>().ShouldBeLessThan(1);
            }
        }

        // Long enough for the heaps of C# and of libtorch to reach the size that they keep.
        Steps(Math.Max(2_000, steps / 10));
        Settle();
        var tensors = Tensor.TotalCount;
        var memory = Environment.WorkingSet;
        Steps(steps);
        Settle();
        Tensor.TotalCount.ShouldBe(tensors);
        (Environment.WorkingSet - memory).ShouldBeLessThan(48L << 20, $"working set grew from {memory >> 20} MiB to {Environment.WorkingSet >> 20} MiB");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Litter()
    {
        for (var i = 0; i < 500; i++) Make();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Ones(int side) => ones(side, side, float32, TestDevice.Device);

    private static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
