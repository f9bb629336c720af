using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

public class MemoryTests
{
    [Fact]
    public void Arrays_of_every_type_become_tensors_and_come_back()
    {
        RoundTrip<float>([1.5f, -2], float32);
        RoundTrip<double>([1.5, double.NaN], float64);
        RoundTrip<long>([long.MinValue, 7], int64);
        RoundTrip<int>([int.MaxValue, -7], int32);
        RoundTrip<short>([-3, 4], int16);
        RoundTrip<sbyte>([-3, 4], int8);
        RoundTrip<byte>([255, 4], uint8);
        RoundTrip([true, false], @bool);
        RoundTrip<Half>([(Half)0.5, (Half)(-2)], float16);
        from_array(new double[,,] { { { 1, 2 }, { 3, 4 } } }).ShouldBe([1, 2, 2], 1, 2, 3, 4);
        from_array(Array.Empty<float>()).shape.ShouldBe([0]);
        tensor(new List<float> { 1, 2, 3, 4 }, [2, 2]).ShouldBe([2, 2], 1, 2, 3, 4);
        tensor(new[] { 1.0, 2 }.AsMemory(), [2], float32).dtype.ShouldBe(float32);
        tensor(3.5).item<double>().ShouldBe(3.5);
        tensor(3).dtype.ShouldBe(int32);
        tensor(true).item<bool>().ShouldBeTrue();
        as_tensor(new[] { 1f }, float64).dtype.ShouldBe(float64);
    }

    [Fact]
    public void An_array_that_does_not_fill_the_shape_is_refused_with_both_sizes() =>
        Should.Throw<ArgumentException>(() => tensor(new float[5], [2, 3])).Message.ShouldContain("[2, 3] and type Float32 takes 24 bytes, not 20");

    [Fact]
    public void Elements_that_no_tensor_holds_are_refused() =>
        Should.Throw<ArgumentException>(() => from_array(new decimal[2])).Message.ShouldContain("System.Decimal");

    [Fact]
    public void Memory_is_wrapped_without_a_copy_and_let_go_with_the_last_view()
    {
        var values = new float[] { 1, 2, 3, 4, 5, 6 };
        var whole = NativeMemory.Pin(values, [2, 3], float32);
        var row = whole[1];
        whole.mul_(10);
        values[5].ShouldBe(60);
        values[3] = -1;
        row.Numbers().ShouldBe([-1, 50, 60]);
        whole.Dispose();
        row.Numbers().ShouldBe([-1, 50, 60]);
        row.Dispose();
    }

    [Fact]
    public unsafe void The_owner_of_wrapped_memory_is_disposed_of_after_the_last_tensor()
    {
        var owner = new Owner(64);
        var whole = NativeMemory.Wrap((void*)owner.Address, 64, owner, [16], float32);
        var part = whole[..4];
        whole.Dispose();
        owner.Released.Wait(50, TestContext.Current.CancellationToken).ShouldBeFalse();
        part.Dispose();
        owner.Released.Wait(10_000, TestContext.Current.CancellationToken).ShouldBeTrue();
    }

    [Fact]
    public unsafe void Memory_that_does_not_fit_is_refused_and_not_kept()
    {
        using var owner = new Owner(64);
        Should.Throw<ArgumentException>(() => NativeMemory.Wrap((void*)owner.Address, 64, owner, [15], float32)).Message.ShouldContain("takes 60 bytes, not 64");
        Should.Throw<ArgumentException>(() => NativeMemory.Wrap((void*)(owner.Address + 2), 60, owner, [15], float32)).Message.ShouldContain("not aligned");
        Should.Throw<ArgumentException>(() => NativeMemory.Wrap((void*)owner.Address, 64, owner, [-1], float32));
        Should.Throw<OverflowException>(() => NativeMemory.Wrap((void*)owner.Address, 64, owner, [long.MaxValue, 3], float32));
    }

    [Fact]
    public void The_accessor_reads_and_writes_through_strides()
    {
        var matrix = arange(6, float32).reshape(2, 3);
        var turned = matrix.t();
        var access = turned.data<float>();
        access.Count.ShouldBe(6);
        access[2, 1].ShouldBe(5);
        access.ToArray().ShouldBe([0, 3, 1, 4, 2, 5]);
        access.ShouldBe([0f, 3, 1, 4, 2, 5]);
        access[0, 1] = 30;
        matrix.ShouldBe([2, 3], 0, 1, 2, 30, 4, 5);
        access.CopyFrom([9f, 8], tensorIndex: 4);
        matrix.ShouldBe([2, 3], 0, 1, 9, 30, 4, 8);
        var some = new float[3];
        access.CopyTo(some, 1, 1);
        some.ShouldBe([0, 30, 1]);
        matrix.data<float>().CopyFrom([1f, 2, 3, 4, 5, 6]);
        matrix.ShouldBe([2, 3], 1, 2, 3, 4, 5, 6);
        Should.Throw<ArgumentOutOfRangeException>(() => access[3, 0]);
        Should.Throw<ArgumentException>(() => access[1]);
        Should.Throw<InvalidOperationException>(() => matrix.data<double>()).Message.ShouldContain("holds Float32, not Double");
        matrix.Dispose();
        Should.Throw<ObjectDisposedException>(() => matrix.data<float>());
    }

    [Fact]
    public void Bytes_are_a_view()
    {
        using var tensor = zeros(2, int32);
        MemoryMarshal.Cast<byte, int>(tensor.bytes)[1] = 7;
        tensor.ShouldBe([2], 0, 7);
        tensor.bytes = MemoryMarshal.AsBytes(new[] { 3, 4 }.AsSpan());
        tensor.ShouldBe([2], 3, 4);
        Should.Throw<InvalidOperationException>(() => zeros(2, 3).t().bytes.Length);
    }

    [Fact]
    public void Items_and_scalars()
    {
        var x = tensor(2.5, device: TestDevice.Device);
        x.item<double>().ShouldBe(2.5);
        ((double)x).ShouldBe(2.5);
        ((float)x).ShouldBe(2.5f);
        ((int)tensor(7L, device: TestDevice.Device)).ShouldBe(7);
        x.ToScalar().ToDouble().ShouldBe(2.5);
        x.bfloat16().item<float>().ShouldBe(2.5f);
        tensor(true).ToScalar().ToBoolean().ShouldBeTrue();
        complex(tensor(1.0), tensor(-2.0)).item<Complex>().ShouldBe(new Complex(1, -2));
        Should.Throw<InvalidOperationException>(() => x.item<float>()).Message.ShouldContain("Float64, not Single");
        Should.Throw<InvalidOperationException>(() => zeros(2).item<float>()).Message.ShouldContain("has 2");
        ((Scalar)3).Type.ShouldBe(int32);
        (zeros(2, int64) + (Scalar)3).dtype.ShouldBe(int64);
        (zeros(2) * (Scalar)0.5).dtype.ShouldBe(float32);
    }

    [Fact]
    public void Moving_copies_only_when_something_changes()
    {
        var x = zeros(2, float32, TestDevice.Device);
        x.to(float32).ShouldBeSameAs(x);
        x.to(TestDevice.Device).ShouldBeSameAs(x);
        x.to(float32, copy: true).ShouldNotBeSameAs(x);
        x.to(float64, disposeAfter: true).dtype.ShouldBe(float64);
        x.IsInvalid.ShouldBeTrue();
        var y = arange(3, device: TestDevice.Device);
        y.cpu().device_type.ShouldBe(DeviceType.CPU);
        y.type_as(zeros(1, float64)).dtype.ShouldBe(float64);
    }

    [Fact]
    public void Text_shows_shape_type_and_values()
    {
        var x = tensor(new[] { 1.5, 2, double.NaN, -4 }, [2, 2], device: TestDevice.Device);
        x.ToString().ShouldBe($"[2x2], type = Float64, device = {x.device}");
        x.npstr(newLine: "\n").ShouldBe("[[1.5 2],\n [NaN -4]]");
        x.str(newLine: "|").ShouldEndWith("|[[1.5 2],| [NaN -4]]");
        arange(100).npstr().ShouldBe("[0 1 2 ... 97 98 99]");
        tensor(true).npstr().ShouldBe("True");
    }

    private static void RoundTrip<T>(T[] values, ScalarType type)
        where T : unmanaged
    {
        using var made = from_array(values, TestDevice.Device);
        made.dtype.ShouldBe(type);
        made.shape.ShouldBe([values.Length]);
        using var host = made.cpu();
        host.data<T>().ToArray().ShouldBe(values);
        var copied = new T[values.Length];
        made.CopyTo(copied.AsSpan());
        copied.ShouldBe(values);
    }

    private sealed class Owner : IDisposable
    {
        private nint memory;

        public Owner(int bytes) => memory = Marshal.AllocHGlobal(bytes);

        public ManualResetEventSlim Released { get; } = new();

        public nint Address => memory;

        public void Dispose()
        {
            var old = Interlocked.Exchange(ref memory, 0);
            if (old == 0) return;
            Marshal.FreeHGlobal(old);
            Released.Set();
        }
    }
}
