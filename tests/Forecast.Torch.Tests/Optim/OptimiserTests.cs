using Forecast.Torch.Tests.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Torch.Tests.Optim;

/// <summary>Six steps of every optimiser are PyTorch's, in every implementation that there is; states go round.</summary>
public class OptimiserTests
{
    private static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> Makers = new()
    {
        ["sgd"] = p => optim.SGD(p, 0.1),
        ["sgd_momentum"] = p => optim.SGD(p, 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.05),
        ["sgd_nesterov"] = p => optim.SGD(p, 0.1, momentum: 0.8, nesterov: true, weight_decay: 0.05),
        ["sgd_maximize"] = p => optim.SGD(p, 0.1, momentum: 0.8, weight_decay: 0.05, maximize: true),
        ["adam"] = p => optim.Adam(p, 0.05),
        ["adam_decay"] = p => optim.Adam(p, 0.05, beta1: 0.8, beta2: 0.95, eps: 1e-4, weight_decay: 0.1),
        ["adam_amsgrad"] = p => optim.Adam(p, 0.05, beta1: 0.5, beta2: 0.6, amsgrad: true),
        ["adam_maximize"] = p => optim.Adam(p, 0.05, maximize: true, weight_decay: 0.1),
        ["adam_skip"] = p => optim.Adam(p.Select((x, i) => ($"p{i}", x)), 0.05),
        ["adamw"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1),
        ["adamw_plain"] = p => optim.AdamW(p, 0.05),
        ["adamw_amsgrad"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1, amsgrad: true, beta1: 0.5, beta2: 0.6),
        ["adamw_maximize"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1, maximize: true),
        ["adamw_skip"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1),
        ["adam_groups"] = p => optim.Adam([new Adam.ParamGroup(p[..1], new Adam.Options()), new Adam.ParamGroup(p[1..], new Adam.Options { LearningRate = 0.2, beta1 = 0.7, beta2 = 0.9 })], 0.05),
        ["sgd_groups"] = p => optim.SGD([new SGD.ParamGroup(p[..1], new SGD.Options { momentum = 0.5 }), new SGD.ParamGroup(p[1..], new SGD.Options { LearningRate = 0.2 })], 0.05),
    };

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var name in Makers.Keys)
                foreach (var kind in Enum.GetValues<StepKind>())
                    if (kind != StepKind.Fused) cases.Add(name, (int)kind);
            return cases;
        }
    }

    [Fact]
    public void Every_stored_case_is_tried() => Makers.Keys.ShouldBe(NnValues.Names("optimisers"), ignoreOrder: true);

    // Fastest is the fused step where libtorch has one for the device, so that a GPU host tries all three.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_are_PyTorchs(string name, int kind)
    {
        using var scope = NewDisposeScope();
        var parameters = Start(name);
        using var optimizer = Makers[name](parameters);
        Use(optimizer, (StepKind)kind);
        for (var t = 0; t < 6; t++)
        {
            SetGradients(name, parameters, t);
            optimizer.step().ShouldBeNull();
            Compare(name, parameters, t);
        }
    }

    [Theory]
    [InlineData("sgd_momentum")]
    [InlineData("adam_amsgrad")]
    [InlineData("adamw_skip")]
    [InlineData("adam_groups")]
    public void A_saved_state_goes_on_as_if_nothing_had_happened(string name)
    {
        using var scope = NewDisposeScope();
        var parameters = Start(name);
        using var first = Makers[name](parameters);
        for (var t = 0; t < 3; t++) Advance(first, name, parameters, t);

        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true)) first.save_state_dict(writer);
        using var second = Makers[name](parameters);
        file.Position = 0;
        using (var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true)) second.load_state_dict(reader);
        second.state_dict().State.Zip(first.state_dict().State).ShouldAllBe(s => s.First.ApproximatelyEquals(s.Second));
        Advance(second, name, parameters, 3);

        using var third = Makers[name](parameters);
        third.load_state_dict(second.state_dict());
        for (var t = 4; t < 6; t++)
        {
            Advance(third, name, parameters, t);
            Compare(name, parameters, t);
        }
    }

    [Fact]
    public void A_state_of_another_kind_or_shape_is_refused()
    {
        using var scope = NewDisposeScope();
        using var a = optim.Adam([nn.Parameter(zeros(2))]);
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true)) a.save_state_dict(writer);

        Refused(optim.SGD([nn.Parameter(zeros(2))], 0.1), "saved by Adam");
        Refused(optim.Adam([nn.Parameter(zeros(3))]), "[2]");
        Refused(optim.Adam([nn.Parameter(zeros(2)), nn.Parameter(zeros(2))]), "1 parameters");
        file.SetLength(file.Length - 3);
        Refused(optim.Adam([nn.Parameter(zeros(2))]), "");

        void Refused(OptimizerHelper other, string says)
        {
            using var owned = other;
            file.Position = 0;
            using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
            var error = Should.Throw<Exception>(() => other.load_state_dict(reader));
            (error is InvalidDataException or EndOfStreamException).ShouldBeTrue(error.ToString());
            error.Message.ShouldContain(says);
        }
    }

    [Fact]
    public void A_closure_computes_the_loss_with_gradients()
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(ones(1));
        using var optimizer = optim.SGD([parameter], 0.25);
        using (no_grad())
        {
            var loss = optimizer.step(() =>
            {
                optimizer.zero_grad();
                var value = (parameter * parameter).sum();
                value.backward();
                return value;
            });
            loss!.ToDouble().ShouldBe(1);
        }

        parameter.ToDouble().ShouldBe(0.5);
        optimizer.zero_grad();
        parameter.grad.ShouldBeNull();
    }

    [Fact]
    public void Options_are_checked()
    {
        var parameter = nn.Parameter(zeros(1));
        Should.Throw<ArgumentOutOfRangeException>(() => optim.Adam([parameter], lr: -1)).Message.ShouldContain("lr");
        Should.Throw<ArgumentOutOfRangeException>(() => optim.AdamW([parameter], beta2: 1)).Message.ShouldContain("beta2");
        Should.Throw<ArgumentOutOfRangeException>(() => optim.Adam([parameter], eps: double.NaN)).Message.ShouldContain("eps");
        Should.Throw<ArgumentException>(() => optim.SGD([parameter], 0.1, nesterov: true)).Message.ShouldContain("momentum");
        Should.Throw<ArgumentException>(() => optim.Adam([parameter, parameter])).Message.ShouldContain("twice");
        Should.Throw<ArgumentException>(() => optim.Adam([parameter]).add_param_group(new SGD.ParamGroup([nn.Parameter(zeros(1))], 0.1))).Message.ShouldContain("SGD");
    }

    [Fact]
    public void Clipping_is_PyTorchs()
    {
        using var scope = NewDisposeScope();
        var start = NnValues.Case("clipping", "grads").EnumerateArray().ToArray();
        foreach (var name in NnValues.Names("clipping").Except(["grads"]))
        {
            var stored = NnValues.Case("clipping", name);
            var parameters = start.Select(g => nn.Parameter(zeros_like(NnValues.Tensor(g)))).ToArray();
            for (var i = 0; i < start.Length; i++) parameters[i].grad = NnValues.Tensor(start[i]);
            if (name == "value")
            {
                nn.utils.clip_grad_value_(parameters, 0.3);
            }
            else
            {
                var norm = nn.utils.clip_grad_norm_(parameters, stored.GetProperty("max").GetDouble(), NnValues.Number(stored.GetProperty("type")));
                norm.ShouldBe(stored.GetProperty("norm").GetDouble(), 1e-11, name);
            }

            for (var i = 0; i < start.Length; i++) parameters[i].grad!.ShouldBePacked(stored.GetProperty("after")[i], 1e-11, $"{name} {i}");
        }

        nn.utils.clip_grad_norm_([nn.Parameter(zeros(1))], 1).ShouldBe(0);
    }

    [Fact]
    public void A_norm_that_is_no_number_shows()
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(zeros(2));
        parameter.grad = tensor([1f, float.NaN]);
        double.IsNaN(nn.utils.clip_grad_norm_([parameter], 1)).ShouldBeTrue();
        parameter.grad!.Numbers().ShouldAllBe(g => double.IsNaN(g));
    }

    private static Parameter[] Start(string name) =>
        [.. NnValues.Case("optimisers", name).GetProperty("start").EnumerateArray().Select(p => nn.Parameter(NnValues.Tensor(p)))];

    private static void Advance(OptimizerHelper optimizer, string name, Parameter[] parameters, int t)
    {
        SetGradients(name, parameters, t);
        optimizer.step();
    }

    private static void SetGradients(string name, Parameter[] parameters, int t)
    {
        var skips = name is "sgd_maximize" || name.EndsWith("_skip", StringComparison.Ordinal);
        for (var i = 0; i < parameters.Length; i++)
        {
            var angle = arange(parameters[i].numel(), ScalarType.Float64) * 0.7 + (t * 1.3 + i);
            parameters[i].grad = skips && i == 1 && (t is 0 or 3) ? null : (angle.sin().reshape(parameters[i].shape) * (0.5 + i)).to(TestDevice.Device);
        }
    }

    private static void Compare(string name, Parameter[] parameters, int t)
    {
        var after = NnValues.Case("optimisers", name).GetProperty("after")[t];
        for (var i = 0; i < parameters.Length; i++) parameters[i].ShouldBePacked(after[i], 1e-10, $"{name}: parameter {i} after step {t}");
    }

    private static void Use(OptimizerHelper optimizer, StepKind kind)
    {
        switch (optimizer)
        {
            case Adam adam: adam.Kind = kind; break;
            case AdamW adam: adam.Kind = kind; break;
            case SGD sgd: sgd.Kind = kind; break;
            default: throw new InvalidOperationException($"no kinds for {optimizer.GetType()}");
        }
    }
}
