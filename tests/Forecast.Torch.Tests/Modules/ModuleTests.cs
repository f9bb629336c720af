using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Forecast.Torch.Tests.Modules;

/// <summary>Registration, names, state, modes, moves and ownership of modules.</summary>
[Collection(nameof(Seeded))]
public class ModuleTests
{
    [Fact]
    public void Components_are_named_after_fields_in_the_order_of_declaration()
    {
        using var net = new NestedNet();
        net.named_parameters().Select(p => p.name).ShouldBe(
            ["scale", "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "free.0", "free.1", "norm.weight", "norm.bias"]);
        net.named_buffers().Select(b => b.name).ShouldBe(["offset", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"]);
        net.named_modules().Select(m => m.name).ShouldBe(["layers", "layers.0", "layers.1", "free", "norm"]);
        net.named_children().Select(m => m.name).ShouldBe(["layers", "free", "norm"]);
        net.get_parameter("layers.1.bias").shape.ShouldBe([4L]);
        net.get_buffer("norm.running_var").shape.ShouldBe([4L]);
        net.has_parameter("layers.2.bias").ShouldBeFalse();
        net.has_buffer("offset").ShouldBeTrue();
        Should.Throw<ArgumentException>(() => net.get_parameter("layers.x")).Message.ShouldContain("layers.x");
    }

    [Fact]
    public void A_field_may_carry_another_name_and_registration_may_be_repeated()
    {
        using var net = new Renamed();
        net.state_dict().Keys.ShouldBe(["w", "other.weight"]);
        net.Again();
        net.state_dict().Keys.ShouldBe(["w", "other.weight"]);
    }

    [Fact]
    public void A_shared_parameter_is_one_parameter_with_two_names()
    {
        using var first = Linear(3, 3, hasBias: false);
        using var net = Sequential(first, Linear(first.weight!));
        net.parameters().Count().ShouldBe(1);
        net.state_dict().Keys.ShouldBe(["0.weight", "1.weight"]);
    }

    [Fact]
    public void Names_are_checked()
    {
        using var net = Sequential(("a", Identity()));
        Should.Throw<ArgumentException>(() => net.register_module("a", Identity())).Message.ShouldContain("'a'");
        Should.Throw<ArgumentException>(() => net.register_module("a.b", Identity())).Message.ShouldContain("dot");
        Should.Throw<InvalidOperationException>(() => ReLU().register_buffer("b", zeros(1))).Message.ShouldContain("ReLU");
    }

    [Fact]
    public void Training_mode_reaches_every_module()
    {
        using var net = new NestedNet();
        net.training.ShouldBeTrue();
        net.eval();
        net.modules().ShouldAllBe(m => !m.training);
        net.train();
        net.modules().ShouldAllBe(m => m.training);
        var seen = new List<string>();
        net.apply(m => seen.Add(m.GetName()));
        seen.Count.ShouldBe(6);
        seen[^1].ShouldBe("NestedNet");
    }

    [Fact]
    public void A_state_dict_goes_round()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var from = new NestedNet();
        using var to = new NestedNet();
        foreach (var parameter in from.parameters()) init.normal_(parameter);
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        missing.ShouldBeEmpty();
        unexpected.ShouldBeEmpty();
        foreach (var (key, value) in from.state_dict()) to.state_dict()[key].Numbers().ShouldBe(value.Numbers(), key);
        to.parameters().ShouldAllBe(p => p.requires_grad);
    }

    [Fact]
    public void A_state_dict_that_does_not_fit_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 2);
        var before = net.weight!.Numbers();
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(2, 2), ["extra"] = ones(1) };
        var error = Should.Throw<InvalidOperationException>(() => net.load_state_dict(state));
        error.Message.ShouldContain("missing [bias]");
        error.Message.ShouldContain("unexpected [extra]");
        net.weight!.Numbers().ShouldBe(before);

        Should.Throw<ArgumentException>(() => net.load_state_dict(new() { ["weight"] = ones(2, 2), ["bias"] = ones(3) })).Message.ShouldContain("'bias' has shape [3]");
        net.weight!.Numbers().ShouldBe(before);

        var (missing, unexpected) = net.load_state_dict(state, strict: false);
        missing.ShouldBe(["bias"]);
        unexpected.ShouldBe(["extra"]);
        net.weight!.Numbers().ShouldAllBe(w => w == 1);
        net.load_state_dict(new() { ["weight"] = zeros(2, 2) }, skip: ["bias"]);
        net.weight!.Numbers().ShouldAllBe(w => w == 0);
    }

    [Fact]
    public void A_move_keeps_parameters_and_takes_gradients_along()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(3, 2);
        var weight = net.weight!;
        net.call(ones(1, 3)).sum().backward();
        net.to(TestDevice.Device, ScalarType.Float64);
        ReferenceEquals(net.weight, weight).ShouldBeTrue();
        weight.dtype.ShouldBe(ScalarType.Float64);
        weight.device_type.ShouldBe(TestDevice.Device.type);
        weight.requires_grad.ShouldBeTrue();
        weight.is_leaf.ShouldBeTrue();
        using (var gradient = weight.grad!)
        {
            gradient.dtype.ShouldBe(ScalarType.Float64);
            gradient.Numbers().ShouldAllBe(g => g == 1);
        }

        net.call(ones([1, 3], ScalarType.Float64, TestDevice.Device)).sum().backward();
        weight.grad!.Numbers().ShouldAllBe(g => g == 2);
        net.zero_grad();
        weight.grad.ShouldBeNull();
        Should.Throw<ArgumentException>(() => net.to(ScalarType.Int64)).Message.ShouldContain("floating-point");
    }

    [Fact]
    public void Integer_buffers_keep_their_type()
    {
        using var norm = BatchNorm1d(3).to(ScalarType.Float64);
        norm.num_batches_tracked!.dtype.ShouldBe(ScalarType.Int64);
        norm.running_mean!.dtype.ShouldBe(ScalarType.Float64);
    }

    [Fact]
    public void Hooks_see_and_change_what_passes_until_they_are_removed()
    {
        using var scope = NewDisposeScope();
        using var net = Identity();
        var before = net.register_forward_pre_hook((_, x) => x + 1);
        var after = net.register_forward_hook((_, _, y) => y * 10);
        net.call(ones(1)).ToDouble().ShouldBe(20);
        before.remove();
        net.call(ones(1)).ToDouble().ShouldBe(10);
        after.remove();
        net.call(ones(1)).ToDouble().ShouldBe(1);
    }

    [Fact]
    public void Registered_tensors_outlive_the_scope_they_were_made_in()
    {
        Linear layer;
        using (NewDisposeScope()) layer = Linear(2, 2);
        layer.weight!.IsInvalid.ShouldBeFalse();
        layer.Dispose();
        layer.weight!.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void A_parameter_takes_over_its_data()
    {
        var data = ones(2);
        using var parameter = Parameter(data);
        data.IsInvalid.ShouldBeTrue();
        parameter.requires_grad.ShouldBeTrue();
        parameter.Numbers().ShouldBe([1.0, 1.0]);
        using var frozen = new Parameter(ones(1), requires_grad: false);
        frozen.requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void Lists_of_modules_and_parameters_renumber_their_names()
    {
        using var list = ModuleList<Module>(Identity(), Linear(2, 3), ReLU());
        list.RemoveAt(0);
        list.Insert(1, Linear(4, 5));
        list.Count.ShouldBe(3);
        list.state_dict().Keys.ShouldBe(["0.weight", "0.bias", "1.weight", "1.bias"]);
        list.get_parameter("1.weight").shape.ShouldBe([5L, 4L]);
        using var parameters = ParameterList(Parameter(zeros(1)), Parameter(zeros(2)), Parameter(zeros(3)));
        parameters.Remove(parameters[1]).ShouldBeTrue();
        parameters[1] = Parameter(zeros(4));
        parameters.named_parameters().Select(p => $"{p.name}:{p.parameter.numel()}").ShouldBe(["0:1", "1:4"]);
    }

    [Fact]
    public void Dropout_keeps_the_mean_while_training_and_does_nothing_after()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var dropout = Dropout(0.25);
        var x = ones([20000], device: TestDevice.Device);
        var dropped = dropout.call(x).Numbers();
        dropped.Distinct().Order().Select(v => Math.Round(v, 5)).ShouldBe([0.0, 1.33333]);
        dropped.Average().ShouldBe(1, 0.02);
        dropout.eval();
        dropout.call(x).Numbers().ShouldAllBe(v => v == 1);
    }

    private sealed class Renamed : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "w")]
        private readonly Parameter weight = Parameter(zeros(1));

        [ComponentName(Name = "other")]
        private readonly object hidden = Linear(1, 1, hasBias: false);

        private readonly Linear? absent = null;

        public Renamed() : base(nameof(Renamed)) => RegisterComponents();

        public void Again() => RegisterComponents();

        public override Tensor forward(Tensor input) => absent is null && hidden is Linear linear ? linear.call(input * weight) : input;
    }
}
