using System.Text;
using Forecast.Core;
using Forecast.Models.Engine;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;
using TorchSharp;

namespace Forecast.Models.Tests.Weights;

/// <summary>Weights as tensors: the eager copy and the view of the file give the same, and state dicts are filled by name or not at all.</summary>
public sealed class WeightTensorTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Copies_and_views_hold_the_values_of_the_file()
    {
        using var file = WeightFile.Open(WeightFiles.At("types_protocol_2.pt"));
        foreach (var name in file.Names)
        {
            var wanted = new byte[file[name].ByteLength];
            file[name].CopyTo(wanted);
            using var copy = file[name].ToTensor();
            using var view = file[name].ToTensorView();
            using var eager = WeightTensors.ToTensorView(file[name], new EagerEngine("eager"));
            foreach (var tensor in new[] { copy, view, eager })
            {
                tensor.shape.ShouldBe((IEnumerable<long>)file[name].Shape, name);
                tensor.dtype.ShouldBe(WeightTensors.ScalarTypeOf(file[name].Type)!.Value, name);
                if (wanted.Length > 0) tensor.bytes.ToArray().ShouldBe(wanted, name);
            }
        }
    }

    [Fact]
    public unsafe void A_view_lies_where_the_file_is_mapped_and_outlives_it()
    {
        var file = WeightFile.Open(WeightFiles.At("module_state_dict.pth"));
        var values = file["0.weight"].ToArray<float>();
        using var lease = file["0.weight"].Hold();
        using var view = file["0.weight"].ToTensorView();
        fixed (byte* first = view.bytes) ((nint)first).ShouldBe(lease.Address);
        file.Dispose();
        view.data<float>().ToArray().ShouldBe(values);
    }

    [Fact]
    public void Writing_to_a_view_leaves_the_file_alone()
    {
        SafetensorsWriter.Save(_path, [WeightSource.Of<float>("a", WeightType.F32, [2], new float[] { 1, 2 })]);
        var before = File.ReadAllBytes(_path);
        using (var file = WeightFile.Open(_path))
        using (var view = file["a"].ToTensorView())
        {
            view.add_(1);
            view.data<float>().ToArray().ShouldBe([2f, 3f]);
        }

        File.ReadAllBytes(_path).ShouldBe(before);
    }

    [Fact]
    public void Values_that_are_not_aligned_are_copied()
    {
        using var file = WeightFile.Read("file", WeightFiles.Safetensors(
            Encoding.UTF8.GetBytes("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"""), [9, 0, 0, 128, 63]));
        using var view = file["a"].ToTensorView();
        view.item<float>().ShouldBe(1f);
    }

    [Fact]
    public void Types_that_no_tensor_holds_are_told()
    {
        using var file = WeightFile.Read("file", WeightFiles.Safetensors("""{"a":{"dtype":"U16","shape":[1],"data_offsets":[0,2]}}""", 2));
        Should.Throw<ForecastException>(() => file["a"].ToTensor()).Message.ShouldBe("'a' holds U16, which no tensor can");
        Should.Throw<ForecastException>(() => file["a"].ToTensorView()).Code.ShouldBe("weight-type");
    }

    [Fact]
    public void A_module_is_filled_by_name_and_saved_again_to_the_same_bits()
    {
        using var file = WeightFile.Open(WeightFiles.At("module_state_dict.pth"));
        using var module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2));
        file.LoadInto(module);
        var state = module.state_dict();
        state["0.weight"].requires_grad.ShouldBeTrue();
        SafetensorsWriter.Save(_path, state.Select(p => p.Value.ToSource(p.Key)));
        using var again = WeightFile.Open(_path);
        again.Names.ShouldBe(file.Names, ignoreOrder: true);
        foreach (var name in file.Names) again[name].Bytes.ToArray().ShouldBe(file[name].Bytes.ToArray(), name);
    }

    [Fact]
    public void Names_may_be_changed_or_left_out_and_floating_types_converted()
    {
        using var file = WeightFile.Open(WeightFiles.At("types_protocol_2.pt"));
        using var half = torch.zeros([3], dtype: torch.ScalarType.Float32);
        using var transposed = torch.zeros([4, 6], dtype: torch.ScalarType.Float64).t();
        file.LoadInto(new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["x.half"] = half, ["x.transposed"] = transposed }, n => n is "half" or "transposed" ? $"x.{n}" : null);
        half.data<float>().ToArray().ShouldBe([1f, -0.5f, 65504f]);
        transposed.contiguous().data<double>().ToArray().ShouldBe([.. file["transposed"].ToArray<float>().Select(v => (double)v)]);
    }

    [Fact]
    public void All_that_does_not_match_is_told_and_nothing_is_changed()
    {
        using var file = WeightFile.Open(WeightFiles.At("module_state_dict.pth"));
        using var bias = torch.zeros([2]);
        using var wide = torch.zeros([2, 4]);
        using var count = torch.zeros([]);
        using var other = torch.zeros([1]);
        var state = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal) { ["0.bias"] = bias, ["0.weight"] = wide, ["1.num_batches_tracked"] = count, ["2.weight"] = other };
        var error = Should.Throw<ForecastException>(() => file.LoadInto(state));
        error.Code.ShouldBe("weights-mismatch");
        error.Message.ShouldBe(
            "module_state_dict.pth does not hold the weights of this network: 1 missing: '2.weight'; "
            + "4 unexpected: '1.weight', '1.bias', '1.running_mean', '1.running_var'; "
            + "2 different: '0.weight' (shape [2, 3] where [2, 4] is wanted), '1.num_batches_tracked' (type I64 where Float32 is wanted)");
        bias.data<float>().ToArray().ShouldBe([0f, 0f]);
        Should.Throw<ForecastException>(() => file.LoadInto(state, n => n is "0.bias" or "0.weight" ? "0.bias" : null)).Message.ShouldContain("two weights for '0.bias'");
    }

    [Fact]
    public void The_engine_describes_itself()
    {
        var report = TensorEngine.Describe();
        report.Available.ShouldBeTrue(report.Reason);
        report.Version.ShouldNotBeNullOrEmpty();
        File.Exists(report.Library).ShouldBeTrue();
        report.Threads!.Value.ShouldBeGreaterThan(0);
        report.Devices[0].Name.ShouldBe("cpu");
        report.Devices[0].MemoryTotal!.Value.ShouldBeGreaterThan(1L << 28);
        report.Devices.Count(d => d.Name.StartsWith("cuda:", StringComparison.Ordinal)).ShouldBe(torch.cuda.device_count());
        new EagerEngine("eager").Describe().Version.ShouldBe(report.Version);
        NativeEngine.CudaVersion(13000).ShouldBe("13.0");
        NativeEngine.CudnnVersion(91900).ShouldBe("9.19.0");
        NativeEngine.CudnnVersion(8902).ShouldBe("8.9.2");
    }
}
