using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

public class PropertyTests
{
    [Fact]
    public void A_tensor_tells_shape_strides_and_layout()
    {
        var x = zeros(2, 3, 4, float64, TestDevice.Device);
        (x.dim(), x.ndim, x.Dimensions).ShouldBe((3, 3, 3));
        (x.numel(), x.NumberOfElements).ShouldBe((24, 24));
        (x.element_size(), x.ElementSize).ShouldBe((8, 8));
        x.size().ShouldBe([2, 3, 4]);
        (x.size(1), x.size(-1)).ShouldBe((3, 4));
        x.stride().ShouldBe([12, 4, 1]);
        x.stride(-2).ShouldBe(4);
        x.is_contiguous().ShouldBeTrue();
        var part = x.transpose(0, 1)[1];
        part.is_contiguous().ShouldBeFalse();
        part.storage_offset().ShouldBe(4);
        x.is_cpu().ShouldBe(!TestDevice.IsCuda);
        x.is_cuda.ShouldBe(TestDevice.IsCuda);
        x.device_type.ShouldBe(TestDevice.Device.type);
        (x.is_pinned(), x.is_sparse, x.is_meta, x.is_conj(), x.is_neg()).ShouldBe((false, false, false, false, false));
        Should.Throw<ArgumentOutOfRangeException>(() => x.size(3)).Message.ShouldContain("3 dimensions");
        is_tensor(x).ShouldBeTrue();
        complex(x, x).conj().is_conj().ShouldBeTrue();
    }

    [Fact]
    public void Types_know_their_kind()
    {
        (is_floating_point(float16), is_floating_point(int64), is_complex(complex64), is_integral(@bool), is_integral(bfloat16)).ShouldBe((true, false, true, true, false));
        var x = ones(1, int32, TestDevice.Device);
        (x.is_integral(), x.is_floating_point(), x.is_complex()).ShouldBe((true, false, false));
        (is_integral(x), numel(x)).ShouldBe((true, 1));
        complex128.ElementSize().ShouldBe(16);
        bfloat16.ElementSize().ShouldBe(2);
        @bool.ElementSize().ShouldBe(1);
    }

    [Fact]
    public void Empty_factories_give_shape_type_and_strides()
    {
        empty(2, 3, float64, TestDevice.Device).shape.ShouldBe([2, 3]);
        empty_like(zeros(2, int64)).dtype.ShouldBe(int64);
        empty_strided([2, 2], [1, 2]).stride().ShouldBe([1, 2]);
        zeros(1, float64, TestDevice.Device).new_empty([4]).dtype.ShouldBe(float64);
        zeros(2, requires_grad: true).requires_grad.ShouldBeTrue();
        zeros(2).with_requires_grad().is_leaf.ShouldBeTrue();
        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => zeros(2, int64, requires_grad: true)).Message.ShouldContain("requires_grad");
    }

    [Fact]
    public void Equality_is_by_value_type_and_shape()
    {
        var x = arange(3, float32, TestDevice.Device);
        x.Equals(arange(3, float32, TestDevice.Device)).ShouldBeTrue();
        x.Equals(arange(3, float64, TestDevice.Device)).ShouldBeFalse();
        x.Equals(arange(4, float32, TestDevice.Device)).ShouldBeFalse();
        x.Equals((object?)null).ShouldBeFalse();
        x.Equals("tensor").ShouldBeFalse();
    }

    [Fact]
    public void Scalars_convert_with_checks()
    {
        Scalar seven = 7;
        (seven.ToByte(), seven.ToSByte(), seven.ToInt16(), seven.ToInt32(), seven.ToInt64()).ShouldBe(((byte)7, (sbyte)7, (short)7, 7, 7L));
        (seven.ToSingle(), seven.ToDouble(), seven.ToHalf(), seven.ToBoolean()).ShouldBe((7f, 7.0, (Half)7, true));
        ((Scalar)new Complex(1, 2)).ToComplexFloat64().ShouldBe(new Complex(1, 2));
        Should.Throw<OverflowException>(() => ((Scalar)300).ToByte());
        (zeros(1, complex128) + (Scalar)new Complex(1, 2)).item<Complex>().ShouldBe(new Complex(1, 2));
        tensor(2.5).ToSingle().ShouldBe(2.5f);
        tensor(3L).ToInt32().ShouldBe(3);
    }

    [Fact]
    public void A_scope_holds_other_things_too()
    {
        using var outer = NewDisposeScope();
        using var inner = NewDisposeScope();
        var (first, second, third) = (new Thing(), new Thing(), new Thing());
        inner.Attach(first, second, third);
        inner.Attach(first);
        inner.DisposablesCount.ShouldBe(3);
        inner.Detach(first).ShouldBeSameAs(first);
        inner.MoveToOuter(second);
        outer.Contains(second).ShouldBeTrue();
        inner.MarkAsDisposed(third);
        inner.Attach(new List<Thing> { third }).Count.ShouldBe(1);
        inner.Dispose();
        (first.Ended, second.Ended, third.Ended).ShouldBe((false, false, true));
        outer.Dispose();
        second.Ended.ShouldBeTrue();
        CurrentDisposeScope.ShouldBeNull();
    }

    [Fact]
    public void Pinned_memory_and_waiting_need_CUDA()
    {
        cuda_is_available().ShouldBe(cuda.is_available());
        if (TestDevice.IsCuda)
        {
            var pinned = zeros(4).pin_memory();
            pinned.is_pinned().ShouldBeTrue();
            pinned.cuda(non_blocking: true).is_cuda.ShouldBeTrue();
            cuda.synchronize();
            cuda.is_cudnn_available().ShouldBeTrue();
        }
        else if (!cuda.is_available())
        {
            Should.Throw<System.Runtime.InteropServices.ExternalException>(() => cuda.synchronize()).Message.ShouldContain("cuda");
            cuda.is_cudnn_available().ShouldBeFalse();
        }
    }

    private sealed class Thing : IDisposable
    {
        public bool Ended { get; private set; }

        public void Dispose() => Ended = true;
    }
}

/// <summary>Settings of the whole process: alone.</summary>
[Collection(nameof(Alone))]
public class DefaultTests
{
    [Fact]
    public void Defaults_hold_for_factories_that_are_told_nothing()
    {
        get_default_dtype().ShouldBe(float32);
        get_default_device().type.ShouldBe(DeviceType.CPU);
        set_default_dtype(float64);
        set_default_device("meta");
        try
        {
            var x = zeros(2);
            (x.dtype, x.is_meta).ShouldBe((float64, true));
            zeros(2, float32, torch.CPU).is_cpu().ShouldBeTrue();
        }
        finally
        {
            set_default_dtype(float32);
            set_default_device("cpu");
        }

        using (set_grad_enabled(false)) is_grad_enabled().ShouldBeFalse();
        using (autograd.set_detect_anomaly(true, check_nan: false)) (AnomalyMode.IsEnabled, AnomalyMode.ShouldCheckNaN).ShouldBe((true, false));
    }
}
