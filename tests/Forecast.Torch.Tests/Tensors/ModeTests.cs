using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Tensors;

/// <summary>Anomaly detection is the whole process's: alone.</summary>
[Collection(nameof(Alone))]
public class ModeTests
{
    [Fact]
    public void Grad_modes_nest_and_end()
    {
        var x = ones(2, float64, TestDevice.Device, requires_grad: true);
        using (no_grad())
        {
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad()) (x * 2).requires_grad.ShouldBeTrue();
            is_grad_enabled().ShouldBeFalse();
        }

        is_grad_enabled().ShouldBeTrue();
        using (inference_mode())
        {
            is_inference_mode_enabled().ShouldBeTrue();
            (x * 2).requires_grad.ShouldBeFalse();
        }

        is_inference_mode_enabled().ShouldBeFalse();
        (x * 2).requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void Backward_adds_up_and_grad_does_not()
    {
        var x = tensor(new[] { 1.0, 2, 3 }, device: TestDevice.Device, requires_grad: true);
        x.is_leaf.ShouldBeTrue();
        x.grad.ShouldBeNull();
        var y = x.pow(2);
        y.sum().backward();
        (x * 10).sum().backward();
        x.grad!.ShouldBe([3], 12, 14, 16);
        x.grad = null;
        x.grad.ShouldBeNull();
        var (first, second) = (x.pow(3), tensor(2.0, device: TestDevice.Device, requires_grad: true));
        autograd.grad([first], [x], [tensor(new[] { 1.0, 0, 2 }, device: TestDevice.Device)])[0].ShouldBe([3], 3, 0, 54);
        x.grad.ShouldBeNull();
        autograd.grad([x.sum()], [x, second], allow_unused: true)[1].ShouldBeNull();
        Should.Throw<ExternalException>(() => autograd.grad([x.sum()], [second])).Message.ShouldContain("autograd.grad");
        Should.Throw<ExternalException>(() => x.backward()).Message.ShouldContain("backward");
    }

    [Fact]
    public void Second_derivatives_need_a_created_graph()
    {
        var x = tensor(2.0, device: TestDevice.Device, requires_grad: true);
        var slope = autograd.grad([x.pow(4)], [x], create_graph: true)[0];
        slope.item<double>().ShouldBe(32);
        autograd.grad([slope], [x])[0].item<double>().ShouldBe(48);
        var kept = x.exp();
        kept.retain_grad();
        autograd.backward([kept * 3], [tensor(1.0, device: TestDevice.Device)]);
        kept.grad!.item<double>().ShouldBe(3);
        var root = tensor(0.0, device: TestDevice.Device, requires_grad: true);
        using (autograd.detect_anomaly())
        {
            AnomalyMode.IsEnabled.ShouldBeTrue();
            Should.Throw<ExternalException>(() => (root.sqrt() * 0.0).backward()).Message.ShouldContain("nan");
        }

        AnomalyMode.IsEnabled.ShouldBeFalse();
    }

    [Fact]
    public void Autocast_computes_products_in_bfloat16_and_ends()
    {
        var (a, b) = (rand([8, 8], float32, TestDevice.Device), rand([8, 8], float32, TestDevice.Device));
        using (new Autocast(TestDevice.Device.type))
        {
            a.matmul(b).dtype.ShouldBe(bfloat16);
            using (new Autocast(TestDevice.Device.type, enabled: false)) a.matmul(b).dtype.ShouldBe(float32);
            a.matmul(b).dtype.ShouldBe(bfloat16);
        }

        a.matmul(b).dtype.ShouldBe(float32);
    }

    [Fact]
    public void Devices_are_parsed_and_refused()
    {
        device("cuda:1").index.ShouldBe(1);
        device("cpu").ToString().ShouldBe("cpu");
        new Device(DeviceType.CUDA, 2).ToString().ShouldBe("cuda:2");
        foreach (var wrong in (string[])["gpu", "cuda:", "cuda:x", "cuda:-1", ""]) Should.Throw<ArgumentException>(() => new Device(wrong)).Message.ShouldContain("is not a device");
        cuda.is_available().ShouldBe(cuda.device_count() > 0);
        if (!cuda.is_available()) Should.Throw<ExternalException>(() => zeros(1, device: "cuda"));
    }

    [Fact]
    public void The_engine_tells_about_itself()
    {
        EngineInfo.Missing.ShouldBeNull();
        File.Exists(EngineInfo.Location).ShouldBeTrue();
        EngineInfo.Version.ShouldBe(__version__);
        EngineInfo.Build.ShouldContain("at::get_num_threads()");
        if (TestDevice.IsCuda)
        {
            EngineInfo.CudaName(0).ShouldNotBeEmpty();
            EngineInfo.CudaMemory(0).Free.ShouldBeInRange(1, EngineInfo.CudaMemory(0).Total);
            EngineInfo.CudaRuntime.ShouldBeGreaterThan(0);
        }
        else
        {
            Should.Throw<ExternalException>(() => EngineInfo.CudaName(99)).Message.ShouldContain("no CUDA device 99");
        }
    }

    [Fact]
    public void Default_types_are_floating()
    {
        Should.Throw<ArgumentException>(() => set_default_dtype(int64));
        zeros(1).dtype.ShouldBe(float32);
        Should.Throw<NotSupportedException>(() => zeros(1, names: ["time"]));

    }
}
